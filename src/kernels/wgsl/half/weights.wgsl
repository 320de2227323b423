// Weights in half precision, as half/pack.wgsl packs them
//
//     W [n, k]     two numbers per word, and zeros behind each row up to a multiple of four
//
// So one vec2u is four neighbours of a row. They are read with half of the bytes, and become f32.

import package::matmul::product::params;

@group(0) @binding(8) var<storage, read> W: array<vec2u>;

// How many vec2u a row has.
fn fours() -> u32 { return (params.k + 3u) / 4u; }

// W[j, 4q..4q+3]
fn four_of_w(j: u32, q: u32) -> vec4f {
  let words = W[j * fours() + q];
  return vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
}
