// What all kernels of the matrix product share: their params, and which block of C is whose
//
//     C[b,i,j] = f(Σ_k A[b,i,k] B[b,k,j] + bias[j])
//
//     A [batches, m, k]     B [batches, k, n]     C [batches, m, n]     bias [n]
//
// A and B are read through strides, so a transposed matrix is read where it lies. A matrix that all
// products of a batch share has a batch stride of 0. C is written through strides, too, but the
// numbers of a row are neighbours.

struct Params {
  m: u32, n: u32, k: u32, batches: u32,
  batch_shape: vec4u, // outermost first
  A_batch: vec4u, // strides, in elements
  B_batch: vec4u,
  C_batch: vec4u, A_offset: u32, A_row: u32, A_column: u32, B_offset: u32, B_row: u32,
  B_column: u32, C_offset: u32, C_row: u32, bias_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// A square block of C: its product in the batch, its first row and its first column.
struct Block { batch: u32, i: u32, j: u32 }

// Block number 0, 1, 2, …: along a row of blocks, then row by row, then product by product.
fn block_of(number: u32, side: u32) -> Block {
  let down = (params.m + side - 1u) / side;
  let across = (params.n + side - 1u) / side;
  return Block(number / (down * across), number / across % down * side, number % across * side);
}

// Where the matrices of a product begin: in A, in B, and in C.
fn start_of(batch: u32) -> vec3u {
  var start = vec3u(params.A_offset, params.B_offset, params.C_offset);
  var rest = batch;
  for (var d = 4u; d > 0u; d--) {
    let index = rest % params.batch_shape[d - 1u];
    rest /= params.batch_shape[d - 1u];
    start += index * vec3u(
      params.A_batch[d - 1u], params.B_batch[d - 1u], params.C_batch[d - 1u],
    );
  }
  return start;
}
