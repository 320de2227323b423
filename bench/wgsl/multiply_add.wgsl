// Multiply-adds that touch no memory: how fast this adapter computes at best
//
//     x ← x·a + b,  again and again, for 8 numbers x of each invocation
//
// The 8 chains do not wait for each other, so a processor may have as many multiply-adds under way;
// with 12 a CPU's 16 registers no longer suffice, and half of the speed is gone. a and b come from a
// uniform, so that no compiler foresees the result, and what is stored keeps it from leaving the work out.

override WORKGROUP: u32 = 64;

struct Params {
  steps: u32, // 48 multiply-adds for each of the 8 in every step
  a: f32,
  b: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = params.a;
  let b = vec4f(params.b);
  var x = vec4f(0.0, 1.0, 2.0, 3.0) + f32(id.x);
  var y = x + 4.0;
  for (var i = 0u; i < params.steps; i++) {
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
    x = x * a + b; y = y * a + b;
  }
  result[id.x] = dot(x + y, vec4f(1.0));
}
