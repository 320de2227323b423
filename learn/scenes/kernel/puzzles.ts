/** Five kernels with a blank each. An answer is right if the kernel computes what it should. */
import { numbers } from '../../shell/numbers.js'

/** A run of a puzzle's kernel, and what must come out of it. */
export interface Trial {
  readonly inputs: Readonly<Record<string, Float32Array>>
  readonly params: Readonly<Record<string, number>>
  /** Invocations. */
  readonly threads: number
  /** In float64. */
  readonly want: ArrayLike<number>
}

export interface Puzzle {
  readonly title: string
  readonly task: string
  /** The kernel; ____ is the blank. It writes to y. */
  readonly wgsl: string
  readonly hint: string
  /** What an answer must have, beside the right numbers, and why. */
  readonly needs?: readonly [pattern: RegExp, why: string]
  trials(): Trial[]
}

const index: Puzzle = {
  title: 'An element’s place',
  task:
    'x and y are matrices of m rows and n columns. They lie in memory row after row. ' +
    'Where does element [i, j] lie?',
  hint: 'In front of row i there are i whole rows. How many numbers are in a row?',
  wgsl: `// y[i,j] = x[i,j] + b[j]        x, y [m, n]   b [n]
struct Params { m: u32, n: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x; // one invocation per row
  if (i >= params.m) { return; }
  for (var j = 0u; j < params.n; j++) {
    let at = ____;
    y[at] = x[at] + b[j];
  }
}`,
  trials: () =>
    [
      [5, 7],
      [70, 3],
    ].map(([m, n]) => {
      const [x, b] = [numbers(m * n, 1), numbers(n, 2)]
      return {
        inputs: { x, b },
        params: { m, n },
        threads: m,
        want: x.map((v, at) => v + b[at % n]),
      }
    }),
}

const guard: Puzzle = {
  title: 'The last workgroup',
  task:
    'There are n numbers, and workgroups of 64 invocations. n need not be a multiple of 64, so ' +
    'the last workgroup has invocations without a number. They must write nothing. When?',
  hint: 'The numbers are 0 to n − 1. Is n itself one of them?',
  wgsl: `// y[i] = 2 x[i]        x, y [n]
struct Params { n: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (____) { return; }
  y[id.x] = 2.0 * x[id.x];
}`,
  trials: () =>
    [100, 64, 1].map(n => {
      const x = numbers(n, n)
      return { inputs: { x }, params: { n }, threads: n, want: x.map(v => 2 * v) }
    }),
}

const barrier: Puzzle = {
  title: 'Waiting for each other',
  task:
    'A workgroup of 64 turns its 64 numbers around. Each invocation writes one number to ' +
    'workgroup memory and then reads one that another invocation has written. What must stand ' +
    'in between?',
  hint: 'A function without arguments: all invocations of the workgroup wait there for each other.',
  needs: [
    /workgroupBarrier\s*\(\s*\)\s*;/,
    'no statement here makes the whole workgroup wait for its writes to workgroup memory. ' +
      'The numbers may be right by luck',
  ],
  wgsl: `// y[64 g + i] = x[64 g + 63 − i]        for each workgroup g
struct Params { n: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
var<workgroup> tile: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) i: u32,
) {
  tile[i] = x[min(id.x, params.n - 1u)];
  ____
  y[id.x] = tile[63u - i];
}`,
  trials: () =>
    [64, 256].map(n => {
      const x = numbers(n, n)
      const want = x.map((_, at) => x[at - (at % 64) + 63 - (at % 64)])
      return { inputs: { x }, params: { n }, threads: n, want }
    }),
}

const reduction: Puzzle = {
  title: 'A sum in seven steps',
  task:
    'A workgroup of 128 adds up 128 numbers. In each iteration the first half of them adds the ' +
    'second half to itself. What is `half` in the next iteration?',
  hint: '64 sums are left after the first iteration, then 32, then 16.',
  wgsl: `// y[g] = Σᵢ x[128 g + i]        for each workgroup g
struct Params { n: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
var<workgroup> sums: array<f32, 128>;

@compute @workgroup_size(128)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) i: u32,
) {
  sums[i] = select(0.0, x[min(id.x, params.n - 1u)], id.x < params.n);
  workgroupBarrier();
  for (var half = 64u; half > 0u; half = ____) {
    if (i < half) { sums[i] += sums[i + half]; }
    workgroupBarrier();
  }
  if (i == 0u) { y[id.x / 128u] = sums[0]; }
}`,
  trials: () =>
    [128, 300].map(n => {
      const x = numbers(n, n)
      const want = new Float64Array(Math.ceil(n / 128))
      for (const [at, v] of x.entries()) want[Math.floor(at / 128)] += v
      return { inputs: { x }, params: { n }, threads: n, want }
    }),
}

const transposed: Puzzle = {
  title: 'Read it transposed',
  task:
    'The product of A with the transpose of B. B is [n, k], row after row, and is not to be ' +
    'copied. Which of its elements belongs to row i of A, column j of the result, and q?',
  hint: 'Bᵀ[q, j] is B[j, q].',
  wgsl: `// y[i,j] = Σ_q A[i,q] B[j,q]        A [m, k]   B [n, k]   y [m, n]
struct Params { m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> A: array<f32>;
@group(0) @binding(2) var<storage, read> B: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.m * params.n) { return; }
  let i = id.x / params.n;
  let j = id.x % params.n;
  var sum = 0.0;
  for (var q = 0u; q < params.k; q++) {
    sum += A[i * params.k + q] * B[____];
  }
  y[id.x] = sum;
}`,
  trials: () =>
    [
      [4, 6, 5],
      [9, 3, 7],
    ].map(([m, n, k]) => {
      const [A, B] = [numbers(m * k, m), numbers(n * k, n)]
      const want = new Float64Array(m * n)
      for (let at = 0; at < m * n; at++)
        for (let q = 0; q < k; q++) want[at] += A[Math.floor(at / n) * k + q] * B[(at % n) * k + q]
      return { inputs: { A, B }, params: { m, n, k }, threads: m * n, want }
    }),
}

export const puzzles: readonly Puzzle[] = [index, guard, barrier, reduction, transposed]
