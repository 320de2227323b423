// The gradients of a fully connected layer, a 32 × 32 block per subgroup: for adapters on the CPU
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
// As matmul/subgroup.wgsl: each lane computes 4 columns of all 32 rows, and what all lanes need of
// dy is loaded once and broadcast. The first workgroups compute dx, the next ones dW, the last ones
// db, four outputs per lane. Inputs and outputs are multiples of 4 (see vectors.wgsl), the batch
// need not be.

import package::lib::broadcast::{high_lanes, low_lanes};
import package::lib::grid::workgroup_index;
import package::lib::rows::{Rows, grown, shift_rows};
import package::linear::gradients::params;
import package::linear::vectors::{
  bias_gradient, samples, store_dW, store_dx, upstream, weights
};

enable subgroups;

override LANES: u32 = 8; // of a subgroup: 4 or 8

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let columns = (params.inputs + 31u) / 32u;
  let number = workgroup_index(group, groups);
  let of_dx = number < params.dx_blocks;
  let own = number - select(params.dx_blocks, 0u, of_dx);
  let first = own / columns * 32u; // sample of dx, or output of dW
  let i = own % columns * 32u + lane * 4u;
  let rows = select(params.outputs, params.batch, of_dx);
  if (first >= rows) {
    bias_gradient((own - (rows + 31u) / 32u * columns) * LANES + lane);
    return;
  }
  // Results are stored in loops whose length is not known: a driver that has all those stores
  // written out or unrolled compiles them for seconds.
  let end = min(first + 32u, rows);

  var c: Rows;
  var d: Rows; // with 4 lanes: the columns 16 further on
  if (of_dx) {
    for (var o = 0u; o < params.outputs; o += 4u) {
      if (LANES == 8u) { // each lane has one row's dy at four outputs
        let s0 = upstream(first + lane, o);
        let s1 = upstream(first + 8u + lane, o);
        let s2 = upstream(first + 16u + lane, o);
        let s3 = upstream(first + 24u + lane, o);
        let here = weights(o, i);
        c[0] = grown(c[0], here, low_lanes(s0)); c[1] = grown(c[1], here, high_lanes(s0));
        c[2] = grown(c[2], here, low_lanes(s1)); c[3] = grown(c[3], here, high_lanes(s1));
        c[4] = grown(c[4], here, low_lanes(s2)); c[5] = grown(c[5], here, high_lanes(s2));
        c[6] = grown(c[6], here, low_lanes(s3)); c[7] = grown(c[7], here, high_lanes(s3));
      } else {
        let here = weights(o, i);
        let next = weights(o, i + 16u);
        let s0 = low_lanes(upstream(first + lane, o));
        c[0] = grown(c[0], here, s0); d[0] = grown(d[0], next, s0);
        let s1 = low_lanes(upstream(first + 4u + lane, o));
        c[1] = grown(c[1], here, s1); d[1] = grown(d[1], next, s1);
        let s2 = low_lanes(upstream(first + 8u + lane, o));
        c[2] = grown(c[2], here, s2); d[2] = grown(d[2], next, s2);
        let s3 = low_lanes(upstream(first + 12u + lane, o));
        c[3] = grown(c[3], here, s3); d[3] = grown(d[3], next, s3);
        let s4 = low_lanes(upstream(first + 16u + lane, o));
        c[4] = grown(c[4], here, s4); d[4] = grown(d[4], next, s4);
        let s5 = low_lanes(upstream(first + 20u + lane, o));
        c[5] = grown(c[5], here, s5); d[5] = grown(d[5], next, s5);
        let s6 = low_lanes(upstream(first + 24u + lane, o));
        c[6] = grown(c[6], here, s6); d[6] = grown(d[6], next, s6);
        let s7 = low_lanes(upstream(first + 28u + lane, o));
        c[7] = grown(c[7], here, s7); d[7] = grown(d[7], next, s7);
      }
    }
    for (var n = first; n < end; n += 4u) {
      store_dx(n, i, c[0]);
      shift_rows(&c);
      if (LANES == 4u) {
        store_dx(n, i + 16u, d[0]);
        shift_rows(&d);
      }
    }
    return;
  }

  let o = first + lane / 4u * 4u;
  for (var n = 0u; n < params.batch; n += 4u) {
    let row = n + lane % 4u;
    if (LANES == 8u) { // each lane has four outputs' dy in one row
      let s0 = upstream(row, o);
      let s1 = upstream(row, o + 8u);
      let s2 = upstream(row, o + 16u);
      let s3 = upstream(row, o + 24u);
      let here = samples(n, i);
      c[0] = grown(c[0], here, transpose(low_lanes(s0)));
      c[1] = grown(c[1], here, transpose(high_lanes(s0)));
      c[2] = grown(c[2], here, transpose(low_lanes(s1)));
      c[3] = grown(c[3], here, transpose(high_lanes(s1)));
      c[4] = grown(c[4], here, transpose(low_lanes(s2)));
      c[5] = grown(c[5], here, transpose(high_lanes(s2)));
      c[6] = grown(c[6], here, transpose(low_lanes(s3)));
      c[7] = grown(c[7], here, transpose(high_lanes(s3)));
    } else {
      let here = samples(n, i);
      let next = samples(n, i + 16u);
      let s0 = transpose(low_lanes(upstream(row, o)));
      c[0] = grown(c[0], here, s0); d[0] = grown(d[0], next, s0);
      let s1 = transpose(low_lanes(upstream(row, o + 4u)));
      c[1] = grown(c[1], here, s1); d[1] = grown(d[1], next, s1);
      let s2 = transpose(low_lanes(upstream(row, o + 8u)));
      c[2] = grown(c[2], here, s2); d[2] = grown(d[2], next, s2);
      let s3 = transpose(low_lanes(upstream(row, o + 12u)));
      c[3] = grown(c[3], here, s3); d[3] = grown(d[3], next, s3);
      let s4 = transpose(low_lanes(upstream(row, o + 16u)));
      c[4] = grown(c[4], here, s4); d[4] = grown(d[4], next, s4);
      let s5 = transpose(low_lanes(upstream(row, o + 20u)));
      c[5] = grown(c[5], here, s5); d[5] = grown(d[5], next, s5);
      let s6 = transpose(low_lanes(upstream(row, o + 24u)));
      c[6] = grown(c[6], here, s6); d[6] = grown(d[6], next, s6);
      let s7 = transpose(low_lanes(upstream(row, o + 28u)));
      c[7] = grown(c[7], here, s7); d[7] = grown(d[7], next, s7);
    }
  }
  for (var row = first; row < end; row += 4u) {
    store_dW(row, i, c[0]);
    shift_rows(&c);
    if (LANES == 4u) {
      store_dW(row, i + 16u, d[0]);
      shift_rows(&d);
    }
  }
}
