// What all kernels of a convolution's weight share: where their partial sums go, and the gradient
// of b
//
// The result is [parts, weights + biases]. A part is the sum over some rows of y; total.wgsl adds
// the parts up, in order. So there is work for many invocations, and none sums so long that
// rounding shows.

import package::conv::geometry::params;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

// Numbers per part: weights, then the channels' sums.
fn part_size() -> u32 {
  return params.groups * params.o * params.c * params.kh * params.kw + params.bias_channels;
}

// The sum of one channel over a part of the images.
fn bias_part(channel: u32, part: u32) {
  let of_x = params.bias_of_x != 0u;
  let plane = select(params.oh * params.ow, params.h * params.w, of_x);
  let channels = params.groups * select(params.o, params.c, of_x);
  let images = (params.images + params.parts - 1u) / params.parts;
  let last = min((part + 1u) * images, params.images);
  var sum = 0.0;
  for (var n = part * images; n < last; n++) {
    let base = (n * channels + channel) * plane;
    var of_image = 0.0;
    if (of_x) {
      for (var i = base; i < base + plane; i++) { of_image += x[params.x_offset + i]; }
    } else {
      for (var i = base; i < base + plane; i++) { of_image += y[params.y_offset + i]; }
    }
    sum += of_image;
  }
  result[(part + 1u) * part_size() - params.bias_channels + channel] = sum;
}
