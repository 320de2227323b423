// A step of a gated recurrent unit
//
//     r = σ(x_r + own_r)     z = σ(x_z + own_z)     n = tanh(x_n + r own_n)
//     h′ = n + z (h − n)                                                   kept: r, z, n, own_n
//
// and back, with what h′ has of h carried on:
//
//     dn = dh′ (1 − z) (1 − n²)            dh = z dh′, and more by way of own
//     d_x = [dn own_n r(1−r)   dh′ (h − n) z(1−z)   dn]        d_own = [the same   the same   r dn]
//
// Cho et al. 2014, arXiv:1406.1078; r is applied to own_n, as cuDNN and PyTorch do.

import package::lib::products::{once, times};
import package::lib::sigmoid::sigmoid;
import package::lib::tanh::tanh;
import package::recurrent::cell::{
  WORKGROUP, carried, carry, d_own, d_x, first_of, gradient_of_h, kept, kept_then, own, params,
  states, states_then, unit, x
};

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let u = unit(id, groups);
  if (u >= params.n) { return; }
  let at = first_of(3u, u);
  let apart = params.hidden;
  let source = params.x_offset + at;
  let r = sigmoid(x[source] + own[at]);
  let z = sigmoid(x[source + apart] + own[at + apart]);
  let inner = own[at + 2u * apart];
  let n = tanh(x[source + 2u * apart] + times(r, inner));
  states[params.states_offset + u] = n + times(z, states[params.before + u] - n);
  let to = params.kept_offset + first_of(4u, u);
  kept[to] = r;
  kept[to + apart] = z;
  kept[to + 2u * apart] = n;
  kept[to + 3u * apart] = inner;
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let u = unit(id, groups);
  if (u >= params.n) { return; }
  let apart = params.hidden;
  let source = params.kept_then_offset + first_of(4u, u);
  let r = kept_then[source];
  let z = kept_then[source + apart];
  let n = kept_then[source + 2u * apart];
  let inner = kept_then[source + 3u * apart];
  let dh = gradient_of_h(u) + carried(u);
  let dn = dh * (1.0 - z) * (1.0 - once(n * n));
  let dr = dn * inner * (r * (1.0 - r));
  let dz = dh * (states_then[params.before + u] - n) * (z * (1.0 - z));
  carry[u] = z * dh;
  let at = first_of(3u, u);
  let to = params.d_x_offset + at;
  d_x[to] = dr;
  d_x[to + apart] = dz;
  d_x[to + 2u * apart] = dn;
  let beside = params.d_own_offset + at;
  d_own[beside] = dr;
  d_own[beside + apart] = dz;
  d_own[beside + 2u * apart] = r * dn;
}
