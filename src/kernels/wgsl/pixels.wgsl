// Images taken by an index from bytes, as floats
//
//     y[k,i] = table[byte(index[k] · size + i)]
//
//     bytes [images · size], four in each word, the first in the lowest bits
//     index [count]     table [256]     y [count, size]
//
// One invocation per pixel. The table holds the value of every byte, so that the floats are those
// that the host would compute, bit for bit. An index outside of the images gives NaN.

import package::lib::grid::invocation_index;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // pixels to write
  size: u32, // pixels in an image
  images: u32,
  bytes_offset: u32, // in words
  index_offset: u32, // in elements
  table_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bytes: array<u32>;
@group(0) @binding(2) var<storage, read> index: array<i32>;
@group(0) @binding(3) var<storage, read> table: array<u32>; // bits of floats
@group(0) @binding(4) var<storage, read_write> result: array<u32>;

const NAN = 0x7fc00000u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = invocation_index(id, groups, WORKGROUP);
  if (n >= params.n) { return; }
  let image = index[params.index_offset + n / params.size];
  if (image < 0 || u32(image) >= params.images) {
    result[n] = NAN;
    return;
  }
  let at = u32(image) * params.size + n % params.size;
  let word = bytes[params.bytes_offset + at / 4u];
  result[n] = table[params.table_offset + extractBits(word, 8u * (at % 4u), 8u)];
}
