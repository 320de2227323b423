// Activations that a kernel computes along with its own work
//
//     f          f(z)               f′, from y = f(z) alone
//     RELU       max(z, 0)          1 if y > 0, else 0
//     TANH       tanh z             1 − y²
//     SIGMOID    1 / (1 + e⁻ᶻ)      y (1 − y)
//
// tanh of a large argument is NaN on some drivers, where it has long been ±1 in f32; so arguments
// are clamped. A NaN stays NaN: it is found by its bits, see nan.wgsl.

import package::lib::nan::{is_nan, is_nan4};

const NONE = 0u;
const RELU = 1u;
const TANH = 2u;
const SIGMOID = 3u;

fn activate(f: u32, z: f32) -> f32 {
  switch f {
    case NONE: { return z; }
    case RELU: { return select(0.0, z, z > 0.0 || is_nan(z)); }
    case TANH: { return select(tanh(clamp(z, -15.0, 15.0)), z, is_nan(z)); }
    default: { return select(1.0 / (1.0 + exp(clamp(-z, -88.0, 88.0))), z, is_nan(z)); }
  }
}

fn activate4(f: u32, z: vec4f) -> vec4f {
  switch f {
    case NONE: { return z; }
    case RELU: { return select(vec4f(), z, (z > vec4f()) | is_nan4(z)); }
    case TANH: { return tanh4(z); }
    default: { return sigmoid4(z); }
  }
}

fn tanh4(z: vec4f) -> vec4f {
  return select(tanh(clamp(z, vec4f(-15.0), vec4f(15.0))), z, is_nan4(z));
}

fn sigmoid4(z: vec4f) -> vec4f {
  return select(1.0 / (1.0 + exp(clamp(-z, vec4f(-88.0), vec4f(88.0)))), z, is_nan4(z));
}

// f′(z) from y = f(z).
fn slope(f: u32, y: f32) -> f32 {
  switch f {
    case NONE: { return 1.0; }
    case RELU: { return f32(y > 0.0); }
    case TANH: { return 1.0 - y * y; }
    default: { return y * (1.0 - y); }
  }
}

fn slope4(f: u32, y: vec4f) -> vec4f {
  switch f {
    case NONE: { return vec4f(1.0); }
    case RELU: { return vec4f(y > vec4f()); }
    case TANH: { return 1.0 - y * y; }
    default: { return y * (1.0 - y); }
  }
}
