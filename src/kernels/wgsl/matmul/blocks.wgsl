// Blocks of 4 × 4 numbers of A and B, as matmul/vector.wgsl loads them into its tiles
//
// Four vec4s, along k or across it, whichever way the matrix lies. A transposition in registers
// costs nothing. Where vec4s cannot be loaded, 16 numbers are.

import package::matmul::product::params;

override A_ALONG_K: bool = true; // neighbours in A are neighbours along k; else along i
override B_ALONG_K: bool = false; // neighbours in B are neighbours along k; else along j
override VECTORS: bool = true; // n, offsets and strides are multiples of 4, but one stride is 1
override UNIT: u32 = select(1u, 4u, VECTORS); // numbers per load

@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(5) var<storage, read> A4: array<vec4f>; // the memory of A, as vec4s
@group(0) @binding(6) var<storage, read> B4: array<vec4f>;

// A[i..i+3, k..k+3], a column for each k. `origin` is where the four rows of the first tile begin.
fn block_of_a(origin: vec4u, k: u32) -> mat4x4f {
  let step = params.A_column / UNIT;
  let at = origin + k * params.A_column / UNIT;
  if (VECTORS && A_ALONG_K) {
    return transpose(mat4x4f(A4[at.x], A4[at.y], A4[at.z], A4[at.w]));
  }
  if (VECTORS) {
    return mat4x4f(A4[at.x], A4[at.x + step], A4[at.x + 2u * step], A4[at.x + 3u * step]);
  }
  return mat4x4f(a_at(at), a_at(at + step), a_at(at + 2u * step), a_at(at + 3u * step));
}

fn a_at(at: vec4u) -> vec4f { return vec4f(A[at.x], A[at.y], A[at.z], A[at.w]); }

// B[k..k+3, j..j+3], a column for each k.
fn block_of_b(origin: vec4u, k: u32) -> mat4x4f {
  let step = params.B_row / UNIT;
  let at = origin + k * params.B_row / UNIT;
  if (VECTORS && B_ALONG_K) {
    return transpose(mat4x4f(B4[at.x], B4[at.y], B4[at.z], B4[at.w]));
  }
  if (VECTORS) {
    return mat4x4f(B4[at.x], B4[at.x + step], B4[at.x + 2u * step], B4[at.x + 3u * step]);
  }
  return mat4x4f(b_at(at), b_at(at + step), b_at(at + 2u * step), b_at(at + 3u * step));
}

fn b_at(at: vec4u) -> vec4f { return vec4f(B[at.x], B[at.y], B[at.z], B[at.w]); }
