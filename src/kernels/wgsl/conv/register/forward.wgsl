// Convolution, a block in the registers of each invocation
//
//     y[n,o,oy,ox] = f(b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix])
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
// One idea more than plain/forward.wgsl: an invocation computes one position in four images and
// eight channels there. See block.wgsl for why, and pack.wgsl for the order of the weights.

import package::conv::geometry::params;
import package::conv::register::block::{WIDE, bias_at, block_of, row_length, store};
import package::lib::four::four_from;
import package::lib::grid::invocation_index;
import package::lib::products::times4;

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>; // packed [groups, kh · kw, c, o / 4]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let number = invocation_index(id, groups, WORKGROUP);
  if (number >= params.threads) { return; }
  let plane = params.oh * params.ow;
  let own = block_of(number, plane, params.o);
  let oy = own.pixel / params.ow;
  let ox = own.pixel % params.ow;
  let area = params.h * params.w;
  let images = four_from(own.image, params.images);
  let base = params.x_offset + (images * params.groups + own.g) * params.c * area;
  let row = row_length(params.o);
  let low = bias_at(own, 0u, params.o);
  let high = bias_at(own, 4u, params.o);
  var a0 = low; var a1 = low; var a2 = low; var a3 = low; // channels 0 to 3 in the four images
  var b0 = high; var b1 = high; var b2 = high; var b3 = high; // channels 4 to 7
  for (var ky = 0u; ky < params.kh; ky++) {
    let iy = oy * params.stride_y + ky * params.dilation_y - params.padding_y;
    if (iy >= params.h) { continue; }
    for (var kx = 0u; kx < params.kw; kx++) {
      let ix = ox * params.stride_x + kx * params.dilation_x - params.padding_x;
      if (ix >= params.w) { continue; }
      var source = base + iy * params.w + ix;
      var k = ((own.g * params.kh + ky) * params.kw + kx) * params.c * row + own.channel / 4u;
      for (var c = 0u; c < params.c; c++) {
        let v = vec4f(x[source.x], x[source.y], x[source.z], x[source.w]);
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
    store(own, image, 0u, plane, params.o, a0);
    if (WIDE) { store(own, image, 4u, plane, params.o, b0); }
    a0 = a1; a1 = a2; a2 = a3;
    b0 = b1; b1 = b2; b2 = b3;
  }
}
