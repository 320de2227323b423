// Activations that a kernel computes along with its own work
//
//     f          f(z)               f′, from y = f(z) alone
//     RELU       max(z, 0)          1 if y > 0, else 0
//     TANH       tanh z             1 − y²
//     SIGMOID    1 / (1 + e⁻ᶻ)      y (1 − y)
//
// tanh and σ are the library's own: see tanh.wgsl and sigmoid.wgsl. A NaN stays NaN. Whether z is
// above 0 is asked of its bits, since a driver may take a subnormal z for 0.

import package::lib::nan::{is_nan, is_nan4};
import package::lib::products::{once, once4};
import package::lib::sigmoid::{sigmoid, sigmoid4};
import package::lib::tanh::{tanh, tanh4};

const NONE = 0u;
const RELU = 1u;
const TANH = 2u;
const SIGMOID = 3u;

fn activate(f: u32, z: f32) -> f32 {
  switch f {
    case NONE: { return z; }
    case RELU: { return select(0.0, z, bitcast<i32>(z) > 0 || is_nan(z)); }
    case TANH: { return tanh(z); }
    default: { return sigmoid(z); }
  }
}

fn activate4(f: u32, z: vec4f) -> vec4f {
  switch f {
    case NONE: { return z; }
    case RELU: { return relu4(z); }
    case TANH: { return tanh4(z); }
    default: { return sigmoid4(z); }
  }
}

fn relu4(z: vec4f) -> vec4f {
  return select(vec4f(), z, (bitcast<vec4i>(z) > vec4i()) | is_nan4(z));
}

// f′(z) from y = f(z).
fn slope(f: u32, y: f32) -> f32 {
  switch f {
    case NONE: { return 1.0; }
    case RELU: { return f32(bitcast<i32>(y) > 0); }
    case TANH: { return 1.0 - once(y * y); }
    default: { return y * (1.0 - y); }
  }
}

fn slope4(f: u32, y: vec4f) -> vec4f {
  switch f {
    case NONE: { return vec4f(1.0); }
    case RELU: { return vec4f(bitcast<vec4i>(y) > vec4i()); }
    case TANH: { return 1.0 - once4(y * y); }
    default: { return y * (1.0 - y); }
  }
}
