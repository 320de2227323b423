// A convolution's weights in another order: channels of the result side by side
//
//     packed[g, tap, s, j] = w[g, s, j, tap]          0 for a j past the last channel
//
//     w [group, summed channel, channel of the result, tap row, tap column], by strides
//     packed [groups, kh · kw, summed, channels rounded up to whole blocks]
//
// So an invocation that computes several channels of one pixel loads their weights as one vec4.

import package::conv::register::block::row_length;
import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // vec4s of packed
  kh: u32, kw: u32,
  summed: u32, // channels that are summed over, per group
  channels: u32, // channels of the result, per group
  w_offset: u32, // in elements, as the strides are
  w_group: u32, w_summed: u32, w_channel: u32, w_row: u32, w_column: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let row = row_length(params.channels);
  let channel = i % row * 4u;
  let summed = i / row % params.summed;
  let tap = i / row / params.summed % (params.kh * params.kw);
  let g = i / row / params.summed / (params.kh * params.kw);
  let at = params.w_offset + g * params.w_group + summed * params.w_summed
    + tap / params.kw * params.w_row + tap % params.kw * params.w_column;
  var v = vec4f();
  for (var j = 0u; j < 4u; j++) {
    if (channel + j < params.channels) { v[j] = w[at + (channel + j) * params.w_channel]; }
  }
  packed[i] = v;
}
