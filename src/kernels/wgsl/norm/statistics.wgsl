// What is kept of a set: a vec4 of these numbers, or with ACROSS four vec4s for four sets
//
//     m, δ    whose sum is the mean. What rounding took from m is in δ
//     s       √(v + ε)
//     v       the variance, divided by n
//
//     x̂ = ((x − m) − δ) / s

import package::norm::sets::CENTRED;

struct Statistics { m: vec4f, delta: vec4f, s: vec4f, v: vec4f }

fn standardized(value: vec4f, of_set: Statistics) -> vec4f {
  if (!CENTRED) { return value / of_set.s; }
  return ((value - of_set.m) - of_set.delta) / of_set.s;
}
