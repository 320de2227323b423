// Convolution, a block in the registers of each invocation
//
//     y[n,o,oy,ox] = f(b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix])
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
// Two ideas more than plain/forward.wgsl: an invocation computes one position in four images and
// several channels there, and a workgroup's channels are the same. See block.wgsl for why, and
// pack.wgsl for the order of the weights.

import package::conv::geometry::params;
import package::conv::images::{biases, images_from};
import package::conv::register::block::{
  WORKGROUP, add, block_of, steps_of, store_block, weights_of
};
import package::lib::grid::workgroup_index;

@group(0) @binding(1) var<storage, read> x: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let plane = params.oh * params.ow;
  let pixels = (params.images + 3u) / 4u * plane;
  let own = block_of(workgroup_index(group, groups), lane, pixels, params.o);
  if (own.pixel >= pixels || own.g >= params.groups) { return; }
  let image = own.pixel / plane * 4u;
  let position = own.pixel % plane;
  let top = position / params.ow * params.stride_y - params.padding_y;
  let left = position % params.ow * params.stride_x - params.padding_x;
  let area = params.h * params.w;
  // Where x is read at the first tap, which may lie outside. Neighbouring taps follow `across` and
  // `down`, channels `area`.
  var row = images_from(image, params.groups * params.c * area) + params.x_offset
    + own.g * params.c * area + top * params.w + left;
  let down = params.dilation_y * params.w;
  let across = params.dilation_x;
  let taps = params.kh * params.kw;
  let in_w = (own.g * params.o + own.channel) * params.c * taps;
  let steps = steps_of(own, taps, params.c, in_w, taps, params.c * taps);
  var k = steps.first;
  var sums = biases(own.g * params.o + own.channel, params.groups * params.o);
  for (var ky = 0u; ky < params.kh; ky++) {
    let iy = top + ky * params.dilation_y;
    var source = row;
    for (var kx = 0u; kx < params.kw; kx++) {
      let ix = left + kx * params.dilation_x;
      if (iy < params.h && ix < params.w) {
        for (var c = 0u; c < params.c; c++) {
          let ahead = c * area;
          let v = vec4f(x[source.x + ahead], x[source.y + ahead],
                        x[source.z + ahead], x[source.w + ahead]);
          add(&sums, v, weights_of(k + c * steps.summed, steps.channel));
        }
      }
      source += across;
      k += steps.tap;
    }
    row += down;
  }
  store_block(own, image, position, plane, params.o, &sums);
}
