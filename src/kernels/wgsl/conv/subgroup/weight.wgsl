// The gradients of a convolution's weight and bias, eight or sixteen channels of a subgroup's taps
//
//     w[o,c,ky,kx] = Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
// One idea more than register/weight.wgsl: lanes are taps, four each, and what all of them need of
// y is loaded once per subgroup: see lanes.wgsl. Part p is rows p · rows and on of all images: see
// partial.wgsl.

import package::conv::geometry::params;
import package::conv::partial::{bias_part, part_size, result, x, y};
import package::conv::images::{CHANNELS, Sums};
import package::conv::subgroup::lanes::{LANES, add, shift};
import package::lib::four::four_from;
import package::lib::grid::workgroup_index;

enable subgroups;

// This lane's numbers of y: eight channels at one place, that lie `apart`.
fn upstream(at: u32, lane: u32, apart: u32, last: u32) -> vec2f {
  let own = y[at + min(lane, last) * apart];
  if (LANES == 8u) { return vec2f(own, 0.0); }
  return vec2f(own, y[at + min(lane + 4u, last) * apart]);
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let number = workgroup_index(group, groups);
  if (number >= params.tiles * params.parts) {
    let rest = number - params.tiles * params.parts;
    let blocks = (params.bias_channels + LANES - 1u) / LANES;
    if (blocks == 0u || rest >= blocks * params.parts) { return; }
    let channel = rest % blocks * LANES + lane;
    if (channel < params.bias_channels) { bias_part(channel, rest / blocks); }
    return;
  }
  let taps = params.c * params.kh * params.kw;
  let tap_blocks = (taps + 4u * LANES - 1u) / (4u * LANES);
  let blocks = (params.o + CHANNELS - 1u) / CHANNELS;
  let first = (number % tap_blocks * LANES + lane) * 4u;
  let tap = four_from(first, taps); // those past the last are computed and not stored
  let channel = number / tap_blocks % blocks * CHANNELS;
  let g = number / tap_blocks / blocks % params.groups;
  let part = number / params.tiles;
  let dy = tap / params.kw % params.kh * params.dilation_y;
  let dx = tap % params.kw * params.dilation_x;
  let plane = params.h * params.w;
  let area = params.oh * params.ow;
  let x_of_tap = params.x_offset + (g * params.c + tap / (params.kw * params.kh)) * plane;
  let y_of_channel = params.y_offset + (g * params.o + channel) * area;
  let last = params.o - 1u - channel;
  var sums: Sums;
  let from_row = part * params.rows;
  let rows = min(from_row + params.rows, params.images * params.oh) - from_row;
  var n = from_row / params.oh;
  var oy = from_row % params.oh;
  var ox = 0u;
  for (var p = 0u; p < rows * params.ow; p++) {
    let iy = oy * params.stride_y + dy - params.padding_y;
    let ix = ox * params.stride_x + dx - params.padding_x;
    let inside = (iy < vec4u(params.h)) & (ix < vec4u(params.w));
    let x_of_image = n * params.groups * params.c * plane;
    let source = select(vec4u(), x_of_image + x_of_tap + iy * params.w + ix, inside);
    let v = select(vec4f(), vec4f(x[source.x], x[source.y], x[source.z], x[source.w]), inside);
    let at = y_of_channel + n * params.groups * params.o * area + oy * params.ow + ox;
    add(&sums, 0u, v, upstream(at, lane, area, last));
    if (CHANNELS > 8u) { add(&sums, 8u, v, upstream(at, lane + 8u, area, last)); }
    ox++;
    let row_ends = ox == params.ow;
    ox = select(ox, 0u, row_ends);
    oy += u32(row_ends);
    let image_ends = oy == params.oh;
    oy = select(oy, 0u, image_ends);
    n += u32(image_ends);
  }
  let base = part * part_size() + g * params.o * taps;
  for (var o = channel; o < min(channel + CHANNELS, params.o); o++) {
    let at = base + o * taps;
    if (first < taps) { result[at + first] = sums[0].x; }
    if (first + 1u < taps) { result[at + first + 1u] = sums[0].y; }
    if (first + 2u < taps) { result[at + first + 2u] = sums[0].z; }
    if (first + 3u < taps) { result[at + first + 3u] = sums[0].w; }
    shift(&sums);
  }
}
