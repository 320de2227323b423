// Where the elements of a strided view lie in its buffer
//
//     position(i) = Σ_d index_d(i) · stride_d      index_d(i): of element i, counted row after row
//
// Where `rank` is a constant the loop over dimensions is unrolled, and a view of rank 1 costs no
// division.

// Sizes or strides of at most eight dimensions, outermost first. Not an array: drivers copy what is
// passed to a function, and an array that is indexed by a variable they copy to memory.
struct Eight { low: vec4u, high: vec4u }

fn one_of(list: Eight, d: u32) -> u32 {
  return select(list.low, list.high, d >= 4u)[d % 4u];
}

fn position(i: u32, rank: u32, shape: Eight, strides: Eight) -> u32 {
  var rest = i;
  var steps = 0u;
  for (var d = rank - 1u; d > 0u; d--) {
    let size = one_of(shape, d);
    let above = rest / size;
    steps += (rest - above * size) * one_of(strides, d);
    rest = above;
  }
  return steps + rest * strides.low.x;
}
