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
