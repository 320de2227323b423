// Convolution, eight or sixteen channels of a subgroup's pixels: for adapters that compute on the
// CPU
//
//     y[n,o,oy,ox] = f(b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix])
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
// One idea more than register/forward.wgsl: the weights, which all pixels need, are loaded once per
// subgroup. See lanes.wgsl and image.wgsl. For that all lanes must be at the same tap, so all taps
// are visited, and outside the image x counts as 0.
//
// The sum is one loop, not a loop for each of its indices: a driver that runs lanes together goes
// through every loop once more than the lanes need.

import package::conv::geometry::params;
import package::conv::images::{CHANNELS, biases, images_from, store};
import package::conv::subgroup::image::weights_of;
import package::conv::subgroup::lanes::{LANES, add, shift};
import package::lib::grid::workgroup_index;

enable subgroups;

@group(0) @binding(1) var<storage, read> x: array<f32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let plane = params.oh * params.ow;
  let pixels = (params.images + 3u) / 4u * plane;
  let chunks = (pixels + LANES - 1u) / LANES;
  let blocks = (params.o + CHANNELS - 1u) / CHANNELS;
  let tile = workgroup_index(group, groups);
  let channel = tile / chunks % blocks * CHANNELS;
  let g = tile / chunks / blocks;
  if (g >= params.groups) { return; }
  let pixel = tile % chunks * LANES + lane; // those past the last are computed and not stored
  let image = pixel / plane * 4u;
  let position = pixel % plane;
  let top = position / params.ow * params.stride_y - params.padding_y;
  let left = position % params.ow * params.stride_x - params.padding_x;
  let area = params.h * params.w;
  let base = params.x_offset + g * params.c * area
    + images_from(image, params.groups * params.c * area);
  let last = params.o - 1u - channel;
  let taps = params.kh * params.kw;
  let terms = params.c * taps;
  let channels = params.groups * params.o;
  let first = g * params.o + channel;
  let weights = params.w_offset + first * terms;
  var sums = biases(first, channels);
  let all_planes = params.c * area;
  var ky = 0u;
  var kx = 0u;
  var plane_of_c = 0u;
  var at_w = weights;
  for (var t = 0u; t < terms; t++) {
    let iy = top + ky * params.dilation_y;
    let ix = left + kx * params.dilation_x;
    let inside = iy < params.h && ix < params.w;
    let source = select(vec4u(), base + plane_of_c + iy * params.w + ix, inside);
    let v = select(vec4f(), vec4f(x[source.x], x[source.y], x[source.z], x[source.w]), inside);
    add(&sums, 0u, v, weights_of(at_w, lane, terms, last));
    if (CHANNELS > 8u) { add(&sums, 8u, v, weights_of(at_w, lane + 8u, terms, last)); }
    plane_of_c += area;
    at_w += taps;
    let channels_end = plane_of_c == all_planes;
    plane_of_c = select(plane_of_c, 0u, channels_end);
    at_w = select(at_w, at_w + 1u - terms, channels_end);
    kx += u32(channels_end);
    let row_ends = kx == params.kw;
    kx = select(kx, 0u, row_ends);
    ky += u32(row_ends);
  }
  if (pixel >= pixels) { return; }
  let at = images_from(image, channels * plane) + first * plane + position;
  // One channel after the other, in a loop whose length is not known: stores that are written out
  // take long to compile.
  for (var i = channel; i < min(channel + CHANNELS, params.o); i++) {
    store(at + (i - channel) * plane, sums[0]);
    shift(&sums);
  }
}
