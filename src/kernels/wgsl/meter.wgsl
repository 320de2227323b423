// A weighted mean of single numbers that come one after the other
//
//     state[0] ← state[0] + weight · value        state[1] ← state[1] + weight
//
// What is measured at every step of a training stays on the GPU until somebody wants to know:
// reading waits for all that was queued, adding waits for nothing.

override WORKGROUP: u32 = 1;

struct Params {
  value_offset: u32, // in elements
  weight: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> value: array<f32>;
@group(0) @binding(2) var<storage, read_write> state: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn add() {
  state[0] += params.weight * value[params.value_offset];
  state[1] += params.weight;
}
