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
  WORKGROUP, dh_of, dx, history, own, params, states, unit, x
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
  dx[params.dx_offset + u] = dh_of(u) * slope(F, history[params.history_offset + u]);
}
