// What all kernels of convolution share: their params, and the relation that they sum
//
//     forward   y[n,o,oy,ox] = b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c,iy,ix]
//     input     x[n,c,iy,ix] = b[c] + Σ_{o,ky,kx} w[o,c,ky,kx] · y[n,o,oy,ox]
//     weight    w[o,c,ky,kx] =        Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
//     x [images, groups · c, h, w]     y [images, groups · o, oh, ow]     w [groups · o, c, kh, kw]
//
// One relation between indices, summed in three ways: each is the gradient of the other two.
// `input` is also the transposed convolution. What channel c of a group is summed with stays in its
// group.
//
// Positions before the first row or column are negative. Kernels compute them as u32, where they
// are very large, so that one comparison finds both what lies before and what lies behind an image.

struct Params {
  images: u32, groups: u32,
  c: u32, // channels of x per group
  o: u32, // channels of y per group
  h: u32, w: u32, oh: u32, ow: u32, kh: u32, kw: u32, stride_y: u32, stride_x: u32,
  padding_y: u32, padding_x: u32, dilation_y: u32, dilation_x: u32,
  step_y: u32, // input: from one tap that counts to the next, stride / gcd(stride, dilation)
  step_x: u32,
  x_offset: u32, // all offsets in elements
  y_offset: u32, w_offset: u32, bias_offset: u32, activated_offset: u32,
  threads: u32, // invocations, where not whole workgroups are launched
  rows: u32, // weight: rows of y (images · oh) per part
  parts: u32, // weight: partial sums that the result is cut into
  tiles: u32, // weight: invocations or workgroups per part
  bias_channels: u32, // weight: channels whose sums are wanted, the gradient of b
  bias_of_x: u32, // weight: 1 if they are channels of x, 0 if of y
}

@group(0) @binding(0) var<uniform> params: Params;

// The first tap k for which i − k · dilation is divisible by the stride; i counts from the
// padding's edge. The others follow `step` apart. `none` where there is no such tap.
fn first_tap(i: u32, stride: u32, dilation: u32, step: u32, none: u32) -> u32 {
  for (var k = 0u; k < step; k++) {
    if (k * dilation % stride == i % stride) { return k; }
  }
  return none;
}
