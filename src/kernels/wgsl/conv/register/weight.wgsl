// The gradients of a convolution's weight and bias, a block in the registers of each invocation
//
//     w[o,c,ky,kx] = Σ_{n,oy,ox} x[n,c,iy,ix] · y[n,o,oy,ox]
//
//     wherever  iy = oy · stride − padding + ky · dilation,  and the same for ix
//
// Two ideas more than plain/weight.wgsl: an invocation computes four taps and eight channels of y,
// and sums only a part of the rows of y: see partial.wgsl. Part p is rows p · rows and on of all
// images.

import package::conv::geometry::params;
import package::conv::images::CHANNELS;
import package::conv::partial::{bias_part, part_size, result, x, y};
import package::lib::four::four_from;
import package::lib::grid::invocation_index;
import package::lib::products::times4;

override WORKGROUP: u32 = 64;

fn store_taps(at: u32, width: u32, v: vec4f) {
  result[at] = v.x;
  if (width > 1u) { result[at + 1u] = v.y; }
  if (width > 2u) { result[at + 2u] = v.z; }
  if (width > 3u) { result[at + 3u] = v.w; }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let t = invocation_index(id, groups, WORKGROUP);
  if (t >= params.threads) { return; }
  if (t >= params.tiles * params.parts) {
    let rest = t - params.tiles * params.parts;
    bias_part(rest % params.bias_channels, rest / params.bias_channels);
    return;
  }
  let taps = params.c * params.kh * params.kw;
  let tap_blocks = (taps + 3u) / 4u;
  let o_blocks = (params.o + 7u) / 8u;
  let tap = four_from(t % tap_blocks * 4u, taps);
  let o = t / tap_blocks % o_blocks * 8u;
  let g = t / tap_blocks / o_blocks % params.groups;
  let part = t / tap_blocks / o_blocks / params.groups;
  let ky = tap / params.kw % params.kh;
  let dy = ky * params.dilation_y;
  let dx = tap % params.kw * params.dilation_x;
  let plane = params.h * params.w;
  let area = params.oh * params.ow;
  let c = tap / (params.kw * params.kh) * plane;
  let low = four_from(o, params.o) * area; // channels past the last are the last again
  let high = four_from(o + 4u, params.o) * area;
  var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); // taps, channels 0 to 3
  var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f(); // of channels 4 to 7
  let from_row = part * params.rows;
  let rows = min(from_row + params.rows, params.images * params.oh) - from_row;
  var n = from_row / params.oh;
  var oy = from_row % params.oh;
  var ox = 0u;
  for (var p = 0u; p < rows * params.ow; p++) {
    let iy = oy * params.stride_y + dy - params.padding_y;
    let ix = ox * params.stride_x + dx - params.padding_x;
    let inside = (iy < vec4u(params.h)) & (ix < vec4u(params.w));
    let x_of_image = params.x_offset + (n * params.groups + g) * params.c * plane;
    let source = select(vec4u(), x_of_image + c + iy * params.w + ix, inside);
    let v = select(vec4f(), vec4f(x[source.x], x[source.y], x[source.z], x[source.w]), inside);
    let y_of_image = params.y_offset + (n * params.groups + g) * params.o * area;
    let at = y_of_image + oy * params.ow + ox;
    a0 += times4(v, y[at + low.x]); a1 += times4(v, y[at + low.y]);
    a2 += times4(v, y[at + low.z]); a3 += times4(v, y[at + low.w]);
    if (CHANNELS > 4u) {
      b0 += times4(v, y[at + high.x]); b1 += times4(v, y[at + high.y]);
      b2 += times4(v, y[at + high.z]); b3 += times4(v, y[at + high.w]);
    }
    ox++;
    let row_ends = ox == params.ow;
    ox = select(ox, 0u, row_ends);
    oy += u32(row_ends);
    let image_ends = oy == params.oh;
    oy = select(oy, 0u, image_ends);
    n += u32(image_ends);
  }
  let first = t % tap_blocks * 4u;
  let base = part * part_size() + (g * params.o + o) * taps + first;
  for (var channel = o; channel < min(o + 8u, params.o); channel++) {
    store_taps(base + (channel - o) * taps, taps - first, a0);
    a0 = a1; a1 = a2; a2 = a3; a3 = b0;
    b0 = b1; b1 = b2; b2 = b3;
  }
}
