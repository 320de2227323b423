// tanh x, at most 1.3 units in the last place from the true value
//
//     |x| < 0.5625     x + x³ P(x²)
//     beyond           1 − 2 / (e^2x + 1)        e^2x = 2ⁿ (1 + p), of which 1 + p is never rounded

import package::lib::bits::{held, power_of_two};
import package::lib::exp::exponential;
import package::lib::nan::is_nan;

fn tanh(v: f32) -> f32 {
  let sign = bitcast<u32>(v) & 0x80000000u;
  let size = bitcast<f32>(bitcast<u32>(v) ^ sign);
  let square = size * size;
  let c2 = -5.38360439e-2 + held(square * (2.10019834e-2 - held(square * 6.17236178e-3)));
  let c1 = 0.133324385 + held(square * c2);
  let near = size + held(size * square * (-0.333333135 + held(square * c1)));
  let e = exponential(2.0 * min(size, 10.0), 0.0);
  let scale = power_of_two(e.n);
  let far = 1.0 - 2.0 / (held(1.0 + scale) + scale * e.p);
  let value = bitcast<f32>(bitcast<u32>(select(far, near, size < 0.5625)) | sign);
  return select(value, v, is_nan(v) || bitcast<u32>(size) < 0x39000000u); // |x| < 2⁻¹³: x itself
}

fn tanh4(v: vec4f) -> vec4f {
  return vec4f(tanh(v.x), tanh(v.y), tanh(v.z), tanh(v.w));
}
