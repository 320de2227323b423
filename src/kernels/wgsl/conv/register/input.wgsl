// The gradient of a convolution's image, a block in the registers of each invocation
//
//     x[n,c,iy,ix] = f(b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox])
//
//     wherever  oy · stride = iy + padding − ky · dilation,  and the same for ox
//
// One idea more than plain/input.wgsl: an invocation computes one position in four images and eight
// channels there. See block.wgsl for why, and pack.wgsl for the order of the weights. Only the taps
// for which oy is a whole number are visited: the first one is found, the others follow `step`
// apart.

import package::conv::geometry::{first_tap, params};
import package::conv::register::block::{WIDE, bias_at, block_of, row_length, store};
import package::lib::four::four_from;
import package::lib::grid::invocation_index;
import package::lib::products::times4;

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>; // packed [groups, kh · kw, o, c / 4]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = invocation_index(id, groups, WORKGROUP);
  if (number >= params.threads) { return; }
  let plane = params.h * params.w;
  let own = block_of(number, plane, params.c);
  let iy = own.pixel / params.w + params.padding_y;
  let ix = own.pixel % params.w + params.padding_x;
  let area = params.oh * params.ow;
  let images = four_from(own.image, params.images);
  let base = params.y_offset + (images * params.groups + own.g) * params.o * area;
  let row = row_length(params.c);
  let ky0 = first_tap(iy, params.stride_y, params.dilation_y, params.step_y, params.kh);
  let kx0 = first_tap(ix, params.stride_x, params.dilation_x, params.step_x, params.kw);
  let low = bias_at(own, 0u, params.c);
  let high = bias_at(own, 4u, params.c);
  var a0 = low; var a1 = low; var a2 = low; var a3 = low; // channels 0 to 3 in the four images
  var b0 = high; var b1 = high; var b2 = high; var b3 = high; // channels 4 to 7
  for (var ky = ky0; ky < params.kh; ky += params.step_y) {
    let oy = (iy - ky * params.dilation_y) / params.stride_y;
    if (iy < ky * params.dilation_y || oy >= params.oh) { continue; }
    for (var kx = kx0; kx < params.kw; kx += params.step_x) {
      let ox = (ix - kx * params.dilation_x) / params.stride_x;
      if (ix < kx * params.dilation_x || ox >= params.ow) { continue; }
      var source = base + oy * params.ow + ox;
      var k = ((own.g * params.kh + ky) * params.kw + kx) * params.o * row + own.channel / 4u;
      for (var o = 0u; o < params.o; o++) {
        let v = vec4f(y[source.x], y[source.y], y[source.z], y[source.w]);
        let wa = w[k];
        a0 += times4(wa, v.x); a1 += times4(wa, v.y); a2 += times4(wa, v.z); a3 += times4(wa, v.w);
        if (WIDE) {
          let wb = w[k + 1u];
          b0 += times4(wb, v.x); b1 += times4(wb, v.y);
          b2 += times4(wb, v.z); b3 += times4(wb, v.w);
        }
        source += area;
        k += row;
      }
    }
  }
  for (var image = own.image; image < min(own.image + 4u, params.images); image++) {
    store(own, image, 0u, plane, params.c, a0);
    if (WIDE) { store(own, image, 4u, plane, params.c, b0); }
    a0 = a1; a1 = a2; a2 = a3;
    b0 = b1; b1 = b2; b2 = b3;
  }
}
