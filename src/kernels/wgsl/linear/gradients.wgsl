// What all kernels for the gradients of a fully connected layer share: their params
//
//     y[n,o] = Σ_i x[n,i] W[o,i] + b[o]
//
//     dx[n,i] = Σ_o dy[n,o] W[o,i] · f′     dW[o,i] = Σ_n dy[n,o] x[n,i]     db[o] = Σ_n dy[n,o]
//
//     x, dx [batch, inputs]     dy [batch, outputs]     W, dW [outputs, inputs], all row after row
//
// One dispatch computes all three: neither waits for the other, and the small products of a network
// keep more of an adapter busy together. If x is itself f(z), the chain rule needs dz = dx · f′(z).
// f′(z) follows from x, so the kernels multiply by it before they store dx.

struct Params {
  batch: u32, outputs: u32, inputs: u32,
  dx_blocks: u32, // blocks of dx, which come first; 0 if it is not wanted
  x_offset: u32, // all offsets in elements
  dy_offset: u32, W_offset: u32,
  dW_offset: u32, // both in one buffer
  db_offset: u32,
  bias: u32, // 1 if db is wanted
  behind: u32, // the f that x came out of
}

@group(0) @binding(0) var<uniform> params: Params;

// A square block of dx or of dW.
struct GradientBlock {
  of_dx: bool,
  top: u32, // its first row: a sample of dx, or an output of dW
  left: u32, // its first input
  rows: u32, // of dx or of dW
  terms: u32, // of each sum
}

// The blocks of dx come first, then those of dW. A block whose top is at or past `rows` is none.
fn gradient_block(number: u32, side: u32) -> GradientBlock {
  let of_dx = number < params.dx_blocks;
  let own = number - select(params.dx_blocks, 0u, of_dx);
  let columns = (params.inputs + side - 1u) / side;
  return GradientBlock(
    of_dx,
    own / columns * side,
    own % columns * side,
    select(params.outputs, params.batch, of_dx),
    select(params.batch, params.outputs, of_dx),
  );
}
