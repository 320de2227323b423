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

// The sum of one channel of x or y over a part of the rows of all images. Loads do not wait for
// sums: eight numbers are loaded, then added in order.
fn bias_part(channel: u32, part: u32) {
  let of_x = params.bias_of_x != 0u;
  let height = select(params.oh, params.h, of_x);
  let width = select(params.ow, params.w, of_x);
  let channels = params.groups * select(params.o, params.c, of_x);
  let offset = select(params.y_offset, params.x_offset, of_x);
  let rows = (params.images * height + params.parts - 1u) / params.parts;
  let last = min((part + 1u) * rows, params.images * height);
  var sum = 0.0;
  var row = part * rows;
  while (row < last) {
    // The rows of an image follow each other in memory.
    let n = row / height;
    let next = min((n + 1u) * height, last);
    let at = offset + ((n * channels + channel) * height + row % height) * width;
    let count = (next - row) * width;
    for (var i = 0u; i < count; i += 8u) {
      let a = four_numbers(of_x, at + i, count - i);
      let b = four_numbers(of_x, at + i + 4u, max(count - i, 4u) - 4u);
      sum += a.x; sum += a.y; sum += a.z; sum += a.w;
      sum += b.x; sum += b.y; sum += b.z; sum += b.w;
    }
    row = next;
  }
  result[(part + 1u) * part_size() - params.bias_channels + channel] = sum;
}

// The next four numbers of an image that has `left` more, then zeros.
fn four_numbers(of_x: bool, at: u32, left: u32) -> vec4f {
  var v: vec4f;
  if (of_x) {
    v = vec4f(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
  } else {
    v = vec4f(y[at], y[at + 1u], y[at + 2u], y[at + 3u]);
  }
  return select(vec4f(), v, vec4u(left) > vec4u(0u, 1u, 2u, 3u));
}
