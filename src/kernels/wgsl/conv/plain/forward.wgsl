// Convolution, the plain way: one invocation per number of y
//
//     y[n,o,oy,ox] = f(b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix])
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [images, groups · c, h, w]     w [groups · o, c, kh, kw]     y [images, groups · o, oh, ow]
//
// The equation as it stands, and the reference for the other kernels. Each multiply-add takes two
// loads.

import package::conv::ending::{bias_of, put};
import package::conv::geometry::params;
import package::lib::grid::invocation_index;
import package::lib::products::times;

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.threads) { return; }
  let channels = params.groups * params.o;
  let ox = i % params.ow;
  let oy = i / params.ow % params.oh;
  let o = i / (params.ow * params.oh) % channels;
  let n = i / (params.ow * params.oh) / channels;
  let g = o / params.o;

  var sum = bias_of(o, channels);
  for (var ky = 0u; ky < params.kh; ky++) {
    let iy = oy * params.stride_y + ky * params.dilation_y - params.padding_y;
    if (iy >= params.h) { continue; }
    for (var kx = 0u; kx < params.kw; kx++) {
      let ix = ox * params.stride_x + kx * params.dilation_x - params.padding_x;
      if (ix >= params.w) { continue; }
      for (var c = 0u; c < params.c; c++) {
        let in_w = ((o * params.c + c) * params.kh + ky) * params.kw + kx;
        let in_x = (((n * params.groups + g) * params.c + c) * params.h + iy) * params.w + ix;
        sum += times(w[params.w_offset + in_w], x[params.x_offset + in_x]);
      }
    }
  }
  put(i, sum);
}
