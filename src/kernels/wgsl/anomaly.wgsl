// Whether a launch has made numbers that are not finite
//
//     ranges[number] = the smallest and largest finite number of x, the count of NaN and of ±∞
//     first          ← min(first, number)   if x has a NaN and no input of the launch had one,
//                                           or an ∞ and all its inputs were finite
//
// Numbers are told apart by their bits: WGSL lets a driver assume that there are no NaNs. As whole
// numbers, floats are in order once those below 0 are turned round: see ordered.
//
// Other parts of the buffer may hold anything. One workgroup reads all of x: the plainest way, for
// a mode in which programs run to find a mistake.

override WORKGROUP: u32 = 256;

struct Params {
  n: u32, // elements of x, from `offset` on
  offset: u32,
  number: u32, // of the launch, and of its range
  inputs: array<vec4u, 2>, // ranges of what the launch read
  input_count: u32,
  is_result: u32, // 0: x is an input that is scanned for its range alone
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> first: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> ranges: array<vec4u>;

var<workgroup> parts: array<vec4u, WORKGROUP>;

fn ordered(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

fn join(a: vec4u, b: vec4u) -> vec4u {
  return vec4u(min(a.x, b.x), max(a.y, b.y), a.z + b.z, a.w + b.w);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) me: u32) {
  var range = vec4u(0xffffffffu, 0u, 0u, 0u);
  for (var i = me; i < params.n; i += WORKGROUP) {
    let bits = x[params.offset + i];
    let size = bits & 0x7fffffffu;
    let finite = size < 0x7f800000u;
    let value = ordered(bits);
    range = join(range, vec4u(
      select(0xffffffffu, value, finite),
      select(0u, value, finite),
      u32(size > 0x7f800000u),
      u32(size == 0x7f800000u),
    ));
  }
  parts[me] = range;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (me < half) { parts[me] = join(parts[me], parts[me + half]); }
  }
  if (me > 0u) { return; }
  let mine = parts[0];
  ranges[params.number] = mine;
  var nans = 0u;
  var infinite = 0u;
  for (var i = 0u; i < params.input_count; i++) {
    let input = ranges[params.inputs[i / 4u][i % 4u]];
    nans += input.z;
    infinite += input.w;
  }
  let made = (mine.z > 0u && nans == 0u) || (mine.w > 0u && nans + infinite == 0u);
  if (made && params.is_result == 1u) {
    atomicMin(&first[0], params.number);
  }
}
