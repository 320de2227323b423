// The gradient of a convolution's image, eight or sixteen channels of a subgroup's pixels
//
//     x[n,c,iy,ix] = f(b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox])
//
//     wherever  oy · stride = iy + padding − ky · dilation,  and the same for ox
//
// One idea more than register/input.wgsl: the weights, which all pixels need, are loaded once per
// subgroup. See lanes.wgsl and image.wgsl. For that all lanes must be at the same tap. Pixels iy
// that leave the same remainder when divided by the stride have the same taps: they are one phase
// of stride², and a subgroup's pixels belong to one phase. So no lane multiplies zeros.

import package::conv::geometry::{first_tap, params};
import package::conv::images::{CHANNELS, biases, images_from, store};
import package::conv::subgroup::image::weights_of;
import package::conv::subgroup::lanes::{LANES, add, shift};
import package::lib::grid::workgroup_index;

enable subgroups;

@group(0) @binding(1) var<storage, read> y: array<f32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let rows = (params.h + params.stride_y - 1u) / params.stride_y; // of a phase
  let columns = (params.w + params.stride_x - 1u) / params.stride_x;
  let pixels = (params.images + 3u) / 4u * rows * columns;
  let chunks = (pixels + LANES - 1u) / LANES;
  let blocks = (params.c + CHANNELS - 1u) / CHANNELS;
  let tile = workgroup_index(group, groups);
  let phase = tile / chunks % (params.stride_y * params.stride_x);
  let rest = tile / chunks / (params.stride_y * params.stride_x);
  let channel = rest % blocks * CHANNELS;
  let g = rest / blocks;
  if (g >= params.groups) { return; }
  let pixel = tile % chunks * LANES + lane; // those past the last are computed and not stored
  let image = pixel / (rows * columns) * 4u;
  let phase_y = phase / params.stride_x;
  let phase_x = phase % params.stride_x;
  let py = pixel / columns % rows * params.stride_y + phase_y;
  let px = pixel % columns * params.stride_x + phase_x;
  let there = pixel < pixels && py < params.h && px < params.w;
  let area = params.oh * params.ow;
  let base = params.y_offset + g * params.o * area
    + images_from(image, params.groups * params.o * area);
  let last = params.c - 1u - channel;
  let taps = params.kh * params.kw;
  let weights = params.w_offset + (g * params.o * params.c + channel) * taps;
  let channels = params.groups * params.c;
  let first = g * params.c + channel;
  var sums = biases(first, channels);
  let iy = phase_y + params.padding_y;
  let ix = phase_x + params.padding_x;
  let ky0 = first_tap(iy, params.stride_y, params.dilation_y, params.step_y, params.kh);
  let kx0 = first_tap(ix, params.stride_x, params.dilation_x, params.step_x, params.kw);
  // The pixel of y at the first tap, without remainder, and how much further up and left the next
  // one's is. Both may be negative.
  let oy0 = (i32(py + params.padding_y) - i32(ky0 * params.dilation_y)) / i32(params.stride_y);
  let ox0 = (i32(px + params.padding_x) - i32(kx0 * params.dilation_x)) / i32(params.stride_x);
  let up = i32(params.step_y * params.dilation_y / params.stride_y);
  let left = i32(params.step_x * params.dilation_x / params.stride_x);
  let taps_y = (params.kh + params.step_y - 1u - ky0) / params.step_y; // of this phase
  let taps_x = (params.kw + params.step_x - 1u - kx0) / params.step_x;
  let terms = taps_y * taps_x * params.o;
  let all_planes = params.o * area;
  var i = 0u; // row and column among the phase's taps
  var j = 0u;
  var plane_of_o = 0u;
  var weights_of_o = weights + ky0 * params.kw + kx0;
  for (var t = 0u; t < terms; t++) {
    let oy = u32(oy0 - i32(i) * up);
    let ox = u32(ox0 - i32(j) * left);
    let inside = oy < params.oh && ox < params.ow;
    let source = select(vec4u(), base + plane_of_o + oy * params.ow + ox, inside);
    let v = select(vec4f(), vec4f(y[source.x], y[source.y], y[source.z], y[source.w]), inside);
    let k = weights_of_o + i * params.step_y * params.kw + j * params.step_x;
    add(&sums, 0u, v, weights_of(k, lane, taps, last));
    if (CHANNELS > 8u) { add(&sums, 8u, v, weights_of(k, lane + 8u, taps, last)); }
    plane_of_o += area;
    weights_of_o += params.c * taps;
    let channels_end = plane_of_o == all_planes;
    plane_of_o = select(plane_of_o, 0u, channels_end);
    weights_of_o = select(weights_of_o, weights_of_o - params.o * params.c * taps, channels_end);
    j += u32(channels_end);
    let row_ends = j == taps_x;
    j = select(j, 0u, row_ends);
    i += u32(row_ends);
  }
  if (!there) { return; }
  let plane = params.h * params.w;
  let at = images_from(image, channels * plane) + first * plane + py * params.w + px;
  // One channel after the other, in a loop whose length is not known: stores that are written out
  // take long to compile.
  for (var i = channel; i < min(channel + CHANNELS, params.c); i++) {
    store(at + (i - channel) * plane, sums[0]);
    shift(&sums);
  }
}
