// The gradient of a convolution's image, the plain way: one invocation per number of x
//
//     x[n,c,iy,ix] = f(b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox])
//
//     wherever  oy · stride = iy + padding − ky · dilation,  and the same for ox
//
//     y [images, groups · o, oh, ow]     w [groups · o, c, kh, kw]     x [images, groups · c, h, w]
//
// The same relation as in forward.wgsl, solved for oy: the taps for which the right side is not
// divisible by the stride have no oy. This is also the transposed convolution.

import package::conv::ending::{bias_of, put};
import package::conv::geometry::params;
import package::lib::grid::invocation_index;
import package::lib::products::times;

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.threads) { return; }
  let channels = params.groups * params.c;
  let ix = i % params.w;
  let iy = i / params.w % params.h;
  let c = i / (params.w * params.h) % channels;
  let n = i / (params.w * params.h) / channels;
  let g = c / params.c;

  var sum = bias_of(c, channels);
  for (var ky = 0u; ky < params.kh; ky++) {
    let down = iy + params.padding_y - ky * params.dilation_y;
    let oy = down / params.stride_y;
    if (down % params.stride_y != 0u || oy >= params.oh) { continue; }
    for (var kx = 0u; kx < params.kw; kx++) {
      let right = ix + params.padding_x - kx * params.dilation_x;
      let ox = right / params.stride_x;
      if (right % params.stride_x != 0u || ox >= params.ow) { continue; }
      for (var o = g * params.o; o < (g + 1u) * params.o; o++) {
        let in_w = ((o * params.c + c % params.c) * params.kh + ky) * params.kw + kx;
        let in_y = ((n * params.groups * params.o + o) * params.oh + oy) * params.ow + ox;
        sum += times(w[params.w_offset + in_w], y[params.y_offset + in_y]);
      }
    }
  }
  put(i, sum);
}
