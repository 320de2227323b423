// A step of the plain recurrent layer
//
//     h′ = f(x + own)                 f is tanh or relu
//
// and back, for f′ follows from h′:
//
//     dx = dh′ f′
//
// Elman 1990, Cognitive Science 14.

import package::lib::activation::{TANH, activate, slope};
import package::recurrent::cell::{
  WORKGROUP, d_x, gradient_of_h, own, params, states, states_then, unit, x
};

override F: u32 = TANH;

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let u = unit(id, groups);
  if (u >= params.n) { return; }
  states[params.states_offset + u] = activate(F, x[params.x_offset + u] + own[u]);
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let u = unit(id, groups);
  if (u >= params.n) { return; }
  let h = states_then[params.states_then_offset + u];
  d_x[params.d_x_offset + u] = gradient_of_h(u) * slope(F, h);
}
