// Random numbers by counting: number i of draw d under a seed is a pure function of the three
//
//     (w0, w1) = Threefry-2x32-20(key = seed, counter = (i, d))
//
//     bits      y[i] = w0
//     integers  y[i] = low + w0 mod range
//     uniform   y[i] = low + (high − low) · u              u = ⌊w0 / 2⁸⌋ · 2⁻²⁴, so 0 ≤ u < 1
//     normal    y[i] = mean + std · √(−2 ln u₀) cos(2π u₁)
//
// with u₀ in (0, 1] from w0, and u₁ in [0, 1) from w1.
//
// There is no state to advance: an element does not depend on others, nor on how the work is
// divided. Threefry: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". Normals:
// Box & Muller 1958.

import package::lib::grid::invocation_index;
import package::lib::log::log;
import package::lib::products::times;
import package::lib::trigonometry::cos_of_turns;

override WORKGROUP: u32 = 64;

struct Params {
  n: u32, // elements of y
  draw: u32, // draws since the generator's base
  p0: f32, // low, or mean
  p1: f32, // high − low, or std
  low: u32, range: u32,
}

struct Generator { seed: vec2u, base: u32 } // base: the draw that numbering starts from

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> generator: Generator;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn rotate_left(x: u32, by: u32) -> u32 {
  return (x << by) | (x >> (32u - by));
}

// Five times: four rounds, then a word of the key is added.
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let keys = vec3u(key, 0x1BD11BDAu ^ key.x ^ key.y);
  var x = counter + key;
  for (var group = 0u; group < 5u; group++) {
    var by = vec4u(13u, 15u, 26u, 6u);
    if (group % 2u == 1u) { by = vec4u(17u, 29u, 16u, 24u); }
    for (var round = 0u; round < 4u; round++) {
      x.x += x.y;
      x.y = rotate_left(x.y, by[round]) ^ x.x;
    }
    x += vec2u(keys[(group + 1u) % 3u], keys[(group + 2u) % 3u] + group + 1u);
  }
  return x;
}

fn words(i: u32) -> vec2u {
  return threefry(generator.seed, vec2u(i, generator.base + params.draw));
}

@compute @workgroup_size(WORKGROUP)
fn bits(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[i] = words(i).x;
}

@compute @workgroup_size(WORKGROUP)
fn integers(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  y[i] = params.low + words(i).x % params.range;
}

@compute @workgroup_size(WORKGROUP)
fn uniform_(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let u = f32(words(i).x >> 8u) * 0x1p-24f;
  y[i] = bitcast<u32>(params.p0 + times(params.p1, u));
}

@compute @workgroup_size(WORKGROUP)
fn normal(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = invocation_index(id, groups, WORKGROUP);
  if (i >= params.n) { return; }
  let w = words(i);
  let u0 = f32((w.x >> 8u) + 1u) * 0x1p-24f;
  let u1 = f32(w.y >> 8u) * 0x1p-24f;
  y[i] = bitcast<u32>(params.p0 + times(params.p1 * sqrt(-2.0 * log(u0)), cos_of_turns(u1)));
}
