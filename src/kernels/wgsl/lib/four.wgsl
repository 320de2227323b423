// Four neighbours at a time, as a vec4 holds them

// The indices first to first + 3. Past the last of `count` it is the last again, so that nothing is
// read outside; what is computed for it is not stored.
fn four_from(first: u32, count: u32) -> vec4u {
  return min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(count - 1u));
}
