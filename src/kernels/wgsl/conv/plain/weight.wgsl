// The gradients of a convolution's weight and bias, the plain way: one invocation per number
//
//     w[o,c,ky,kx] = Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [images, groups · c, h, w]     y [images, groups · o, oh, ow]     w [groups · o, c, kh, kw]
//
// An invocation sums one part of the rows of y, of all images: see partial.wgsl. The invocations
// after those sum up one channel each of x or of y: the gradient of b.

import package::conv::geometry::params;
import package::conv::partial::{bias_part, part_size, result, x, y};
import package::lib::grid::invocation_index;
import package::lib::products::times;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.threads) { return; }
  if (i >= params.tiles * params.parts) {
    let rest = i - params.tiles * params.parts;
    bias_part(rest % params.bias_channels, rest / params.bias_channels);
    return;
  }
  let own = i % params.tiles;
  let part = i / params.tiles;
  let kx = own % params.kw;
  let ky = own / params.kw % params.kh;
  let c = own / (params.kw * params.kh) % params.c;
  let o = own / (params.kw * params.kh * params.c);
  let g = o / params.o;

  var sum = 0.0;
  let end = min((part + 1u) * params.rows, params.images * params.oh);
  for (var row = part * params.rows; row < end; row++) {
    let n = row / params.oh;
    let iy = row % params.oh * params.stride_y + ky * params.dilation_y - params.padding_y;
    if (iy >= params.h) { continue; }
    let row_of_x = (((n * params.groups + g) * params.c + c) * params.h + iy) * params.w;
    let row_of_y = ((n * params.groups * params.o + o) * params.oh + row % params.oh) * params.ow;
    for (var ox = 0u; ox < params.ow; ox++) {
      let ix = ox * params.stride_x + kx * params.dilation_x - params.padding_x;
      if (ix >= params.w) { continue; }
      sum += times(x[params.x_offset + row_of_x + ix], y[params.y_offset + row_of_y + ox]);
    }
  }
  result[part * part_size() + own] = sum;
}
