// The gradients of a convolution's weight and bias, the plain way: one invocation per number
//
//     w[o,c,ky,kx] = Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [images, groups · c, h, w]     y [images, groups · o, oh, ow]     w [groups · o, c, kh, kw]
//
// The invocations after those sum up one channel each of x or of y: the gradient of b. Terms are
// summed up row by row and image by image, so that rounding stays small.

import package::conv::geometry::params;
import package::conv::partial::{bias_part, result, x, y};
import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.threads) { return; }
  if (i >= params.tiles) {
    bias_part(i - params.tiles, 0u);
    return;
  }
  let kx = i % params.kw;
  let ky = i / params.kw % params.kh;
  let c = i / (params.kw * params.kh) % params.c;
  let o = i / (params.kw * params.kh * params.c);
  let g = o / params.o;

  var sum = 0.0;
  for (var n = 0u; n < params.images; n++) {
    var of_image = 0.0;
    for (var oy = 0u; oy < params.oh; oy++) {
      let iy = oy * params.stride_y + ky * params.dilation_y - params.padding_y;
      if (iy >= params.h) { continue; }
      let row_of_x = (((n * params.groups + g) * params.c + c) * params.h + iy) * params.w;
      let row_of_y = ((n * params.groups * params.o + o) * params.oh + oy) * params.ow;
      var of_row = 0.0;
      for (var ox = 0u; ox < params.ow; ox++) {
        let ix = ox * params.stride_x + kx * params.dilation_x - params.padding_x;
        if (ix >= params.w) { continue; }
        of_row += x[params.x_offset + row_of_x + ix] * y[params.y_offset + row_of_y + ox];
      }
      of_image += of_row;
    }
    sum += of_image;
  }
  result[i] = sum;
}
