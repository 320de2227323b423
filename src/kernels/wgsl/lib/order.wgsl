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
