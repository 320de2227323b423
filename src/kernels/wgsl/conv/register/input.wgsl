// The gradient of a convolution's image, a block in the registers of each invocation
//
//     x[n,c,iy,ix] = f(b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox])
//
//     wherever  oy · stride = iy + padding − ky · dilation,  and the same for ox
//
// Two ideas more than plain/input.wgsl: an invocation computes one position in four images and
// several channels there, and a workgroup's channels are the same. See block.wgsl for why, and
// pack.wgsl for the order of the weights.
//
// Positions iy that leave the same remainder when divided by the stride have the same taps: they
// are one phase of stride², and a workgroup's positions belong to one phase. So all its invocations
// need the same weights. The first tap of a phase is found, the others follow `step` apart.

import package::conv::geometry::{first_tap, params};
import package::conv::images::{biases, images_from};
import package::conv::register::block::{
  WORKGROUP, add, block_of, steps_of, store_block, weights_of
};
import package::lib::grid::workgroup_index;

@group(0) @binding(1) var<storage, read> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let rows = (params.h + params.stride_y - 1u) / params.stride_y; // of a phase
  let columns = (params.w + params.stride_x - 1u) / params.stride_x;
  let pixels = (params.images + 3u) / 4u * rows * columns;
  let phases = params.stride_y * params.stride_x;
  let number = workgroup_index(group, groups);
  let phase = number % phases;
  let own = block_of(number / phases, lane, pixels, params.c);
  if (own.pixel >= pixels || own.g >= params.groups) { return; }
  let image = own.pixel / (rows * columns) * 4u;
  let phase_y = phase / params.stride_x;
  let phase_x = phase % params.stride_x;
  let py = own.pixel / columns % rows * params.stride_y + phase_y;
  let px = own.pixel % columns * params.stride_x + phase_x;
  if (py >= params.h || px >= params.w) { return; }
  let area = params.oh * params.ow;
  let ky0 = first_tap(phase_y + params.padding_y, params.stride_y, params.dilation_y,
                      params.step_y, params.kh);
  let kx0 = first_tap(phase_x + params.padding_x, params.stride_x, params.dilation_x,
                      params.step_x, params.kw);
  // The pixel of y at the first tap, without remainder, and how much further up and left the next
  // one's is. Both may be negative.
  let oy0 = (i32(py + params.padding_y) - i32(ky0 * params.dilation_y)) / i32(params.stride_y);
  let ox0 = (i32(px + params.padding_x) - i32(kx0 * params.dilation_x)) / i32(params.stride_x);
  let up = params.step_y * params.dilation_y / params.stride_y;
  let left = params.step_x * params.dilation_x / params.stride_x;
  var row = images_from(image, params.groups * params.o * area) + params.y_offset
    + own.g * params.o * area + u32(oy0) * params.ow + u32(ox0);
  let taps = params.kh * params.kw;
  let in_w = (own.g * params.o * params.c + own.channel) * taps;
  let steps = steps_of(own, taps, params.o, in_w, params.c * taps, taps);
  var oy = u32(oy0);
  var sums = biases(own.g * params.c + own.channel, params.groups * params.c);
  for (var ky = ky0; ky < params.kh; ky += params.step_y) {
    var ox = u32(ox0);
    var source = row;
    for (var kx = kx0; kx < params.kw; kx += params.step_x) {
      if (oy < params.oh && ox < params.ow) {
        let k = steps.first + (ky * params.kw + kx) * steps.tap;
        for (var o = 0u; o < params.o; o++) {
          let ahead = o * area;
          let v = vec4f(y[source.x + ahead], y[source.y + ahead],
                        y[source.z + ahead], y[source.w + ahead]);
          add(&sums, v, weights_of(k + o * steps.summed, steps.channel));
        }
      }
      ox -= left;
      source -= left;
    }
    oy -= up;
    row -= up * params.ow;
  }
  store_block(own, image, py * params.w + px, params.h * params.w, params.c, &sums);
}
