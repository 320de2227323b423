// Numbers compared as whole numbers
//
// A driver may take a subnormal number for 0, and drop a NaN. The bits of floats are in the order
// of whole numbers, once those of negative numbers are turned round; −0 and 0 are both 0.

fn key(v: vec4f) -> vec4i {
  let bits = bitcast<vec4i>(v);
  return select(bits, vec4i(i32(-0x7fffffff - 1)) - bits, bits < vec4i(0));
}

fn key_of(v: f32) -> i32 {
  let bits = bitcast<i32>(v);
  return select(bits, i32(-0x7fffffff - 1) - bits, bits < 0);
}

// The bits of a number as a u32 in the order of numbers: of f32 (`kind` 0), with NaN above all and
// −0 equal to 0; of i32 (1); of u32 and bool (others).
fn rank_of(pattern: u32, kind: u32) -> u32 {
  if (kind == 1u) { return pattern ^ 0x80000000u; }
  if (kind != 0u) { return pattern; }
  let size = pattern & 0x7fffffffu;
  if (size > 0x7f800000u) { return 0xffffffffu; }
  return select(0x80000000u + size, 0x80000000u - size, pattern != size);
}
