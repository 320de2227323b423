// The Kullback–Leibler term of a variational autoencoder, and its gradient
//
//     SIGMA          k = ½ Σᵢ (μᵢ² + σᵢ² − ln(10⁻⁸ + σᵢ²) − 1) / divisor      s = σ
//     LOG_VARIANCE   k = ½ Σᵢ (μᵢ² + e^ℓᵢ − ℓᵢ − 1) / divisor                 s = ℓ = ln σ²
//
//     ∂k/∂μᵢ = μᵢ / divisor
//     ∂k/∂σᵢ = (σᵢ − σᵢ / (10⁻⁸ + σᵢ²)) / divisor         ∂k/∂ℓᵢ = ½ (e^ℓᵢ − 1) / divisor
//
// With SLOPE one pass gives both. The 10⁻⁸ keeps value and slope finite where σ is exactly 0, as it
// is behind a ReLU: the slope is then 0. μ and s are read through their strides, since they are two
// halves of one tensor. A latent is small, so one workgroup sums it all: WORKGROUP running sums,
// folded as a tree. Kingma & Welling 2014, arXiv:1312.6114, appendix B.

import package::lib::exp::{exp, exp_rest, expm1};
import package::lib::log::{log, log_rest};
import package::lib::products::times;

const SIGMA = 0u;
const LOG_VARIANCE = 1u;

override FORM: u32 = SIGMA;
override SLOPE: bool = false;
override WORKGROUP: u32 = 256;

struct Params {
  rows: u32, columns: u32,
  mu_offset: u32, // all in elements
  mu_row: u32, mu_column: u32, s_offset: u32, s_row: u32, s_column: u32, divisor: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mu: array<f32>;
@group(0) @binding(2) var<storage, read> s: array<f32>;
@group(0) @binding(3) var<storage, read_write> k: array<f32>;
@group(0) @binding(4) var<storage, read_write> dmu: array<f32>; // contiguous
@group(0) @binding(5) var<storage, read_write> ds: array<f32>; // contiguous

var<workgroup> partial: array<f32, WORKGROUP>;

fn mu_at(i: u32) -> f32 {
  let at = i / params.columns * params.mu_row + i % params.columns * params.mu_column;
  return mu[params.mu_offset + at];
}

fn s_at(i: u32) -> f32 {
  let at = i / params.columns * params.s_row + i % params.columns * params.s_column;
  return s[params.s_offset + at];
}

// Near the least value, 0, what remains of σ² − ln σ² − 1 or of e^ℓ − ℓ − 1 is far smaller than its
// terms. There it is the rest of a series: f − ln(1 + f) with 1 + f = 10⁻⁸ + σ², or e^ℓ − 1 − ℓ.
fn term(m: f32, v: f32) -> f32 {
  if (FORM == SIGMA) {
    let f = excess(v);
    let far = times(v, v) - log(1e-8 + times(v, v)) - 1.0;
    return times(m, m) + select(far, -log_rest(f) - 1e-8, abs(f) < 0.33);
  }
  return times(m, m) + select(exp(v) - v - 1.0, exp_rest(v), abs(v) < 0.34);
}

// 10⁻⁸ + σ² − 1, to the last digit where σ is near 1.
fn excess(v: f32) -> f32 {
  return times(v - 1.0, v + 1.0) + 1e-8;
}

fn slope(v: f32) -> f32 {
  if (FORM == SIGMA) { return v * excess(v) / (1e-8 + times(v, v)); }
  return 0.5 * expm1(v);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) local: u32) {
  var total = 0.0;
  for (var i = local; i < params.rows * params.columns; i += WORKGROUP) {
    let m = mu_at(i);
    let v = s_at(i);
    total += term(m, v);
    if (SLOPE) {
      dmu[i] = m / params.divisor;
      ds[i] = slope(v) / params.divisor;
    }
  }
  partial[local] = total;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { partial[local] += partial[local + half]; }
  }
  if (local == 0u) { k[0] = 0.5 * partial[0] / params.divisor; }
}
