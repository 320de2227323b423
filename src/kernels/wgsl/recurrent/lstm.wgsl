// A step of long short-term memory
//
//     [i f g o] = x + own            i, f, o through σ, g through tanh
//     c′ = f c + i g                 h′ = o tanh c′                        kept: i, f, g, o
//
// and back, with the gradient of c′ carried on:
//
//     dc′ = carry + dh′ o (1 − tanh² c′)                                   dc = f dc′
//     d[i f g o] = [dc′ g i(1−i)   dc′ c f(1−f)   dc′ i (1−g²)   dh′ tanh(c′) o(1−o)]
//
// Hochreiter & Schmidhuber 1997, Neural Computation 9; the gate f is of Gers et al. 2000, there 12.

import package::lib::products::{once, times};
import package::lib::sigmoid::sigmoid;
import package::lib::tanh::tanh;
import package::recurrent::cell::{
  WORKGROUP, carried, carry, d_states, d_x, first_of, gradient_of_h, kept, kept_then, own,
  params, states, states_then, unit, x
};

fn z(at: u32) -> f32 { return x[params.x_offset + at] + own[at]; }

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let u = unit(id, groups);
  if (u >= params.n) { return; }
  let at = first_of(4u, u);
  let apart = params.hidden;
  let i = sigmoid(z(at));
  let f = sigmoid(z(at + apart));
  let g = tanh(z(at + 2u * apart));
  let o = sigmoid(z(at + 3u * apart));
  let c = once(f * states[params.before + params.memory + u]) + times(i, g);
  states[params.states_offset + params.memory + u] = c;
  states[params.states_offset + u] = o * tanh(c);
  let to = params.kept_offset + at;
  kept[to] = i;
  kept[to + apart] = f;
  kept[to + 2u * apart] = g;
  kept[to + 3u * apart] = o;
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let u = unit(id, groups);
  if (u >= params.n) { return; }
  let at = first_of(4u, u);
  let apart = params.hidden;
  let source = params.kept_then_offset + at;
  let i = kept_then[source];
  let f = kept_then[source + apart];
  let g = kept_then[source + 2u * apart];
  let o = kept_then[source + 3u * apart];
  let before = states_then[params.before + params.memory + u];
  let t = tanh(states_then[params.states_then_offset + params.memory + u]);
  let dh = gradient_of_h(u);
  let dc = d_states[params.d_states_offset + params.memory + u] + carried(u)
    + times(dh * o, 1.0 - once(t * t));
  carry[u] = f * dc;
  let to = params.d_x_offset + at;
  d_x[to] = dc * g * (i * (1.0 - i));
  d_x[to + apart] = dc * before * (f * (1.0 - f));
  d_x[to + 2u * apart] = dc * i * (1.0 - once(g * g));
  d_x[to + 3u * apart] = dh * t * (o * (1.0 - o));
}
