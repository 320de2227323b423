// Weights in half precision: two numbers of 16 bits per word, and back
//
//     pack       words[o, j] = half(w[o, 2j]) | half(w[o, 2j+1]) << 16      0 past the row's end
//     unpack     w[o, i] = the half of that place, which f32 holds exactly
//
//     w [rows, columns]   words [rows, columns / 2, rounded up to an even number]
//
// half(v) is the nearest number of IEEE 754 binary16, of two as near the even one; from 65,520 on
// it is infinity. It works on bits, as io/half.ts does on the host, since drivers may choose how
// pack2x16float rounds.

import package::lib::grid::invocation_index;
import package::lib::nan::is_nan;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // words
  columns: u32,
  w_offset: u32, // in elements
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> words: array<u32>;
@group(0) @binding(3) var<storage, read> packed: array<u32>;
@group(0) @binding(4) var<storage, read_write> unpacked: array<f32>;

// Words in a row.
fn row_length() -> u32 { return (params.columns + 3u) / 4u * 2u; }

// Up to 2⁻¹⁴ the result is a whole number of 2⁻²⁴; above, 13 bits are dropped. A carry out of the
// fraction raises the exponent, up to infinity.
fn half(v: f32) -> u32 {
  let pattern = bitcast<u32>(v);
  let magnitude = pattern & 0x7fffffffu;
  let exponent = magnitude >> 23u;
  let fraction = (magnitude & 0x007fffffu) | 0x00800000u;
  let drop = min(126u - min(exponent, 113u), 25u); // bits
  let rounded = (fraction + (1u << (drop - 1u)) - 1u + ((fraction >> drop) & 1u)) >> drop;
  let finite = ((max(exponent, 113u) - 113u) << 10u) + rounded;
  return ((pattern >> 16u) & 0x8000u) | select(min(finite, 0x7c00u), 0x7e00u, is_nan(v));
}

fn half_at(row: u32, column: u32) -> u32 {
  if (column >= params.columns) { return 0u; }
  return half(w[params.w_offset + row * params.columns + column]);
}

@compute @workgroup_size(WORKGROUP)
fn pack(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = invocation_index(id, groups, WORKGROUP);
  if (at >= params.n) { return; }
  let row = at / row_length();
  let column = at % row_length() * 2u;
  words[at] = half_at(row, column) | (half_at(row, column + 1u) << 16u);
}

@compute @workgroup_size(WORKGROUP)
fn unpack(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = invocation_index(id, groups, WORKGROUP);
  if (at >= params.n) { return; }
  let column = at % row_length() * 2u;
  let to = at / row_length() * params.columns + column;
  let two = unpack2x16float(packed[at]);
  if (column < params.columns) { unpacked[to] = two.x; }
  if (column + 1u < params.columns) { unpacked[to + 1u] = two.y; }
}
