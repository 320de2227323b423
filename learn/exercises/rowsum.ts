import { type CustomKernel, full, tensor } from '../../src/index.js'
import { check } from '../../src/kernels/check.js'
import type { Kernel } from './exercise.js'

const answer = `struct Params { m: u32, n: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [m, n]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [m]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= params.m) { return; }
  var sum = 0.0;
  for (var j = 0u; j < params.n; j++) { sum += x[i * params.n + j]; }
  y[i] = sum;
}
`

/** Numbers behind the end of y, which must stay as they are. */
const behind = 10

export const rowsum: Kernel = {
  title: 'The sum of each row',
  language: 'wgsl',
  start: answer.replace(/ {2}if \(i >=[\s\S]*y\[i\] = sum;/, '  // y[i] = Σⱼ x[i, j]'),
  answer,
  wrong: [
    [answer.replace('i * params.n + j', 'i * params.m + j'), /y\[1\] is/],
    [answer.replace(/ {2}if \(i >=.*\n/, ''), /behind the end/],
    [answer.replace('sum += x', 'sum = x'), /y\[0\] is 5; it must be 15/],
  ],
  async judge(kernel: CustomKernel) {
    for (const [m, n] of [
      [3, 6],
      [7, 2],
      [65, 1],
    ]) {
      const x = tensor(
        Array.from({ length: m * n }, (_, i) => i),
        { shape: [m, n] },
      )
      const y = full([m + behind], -1)
      kernel.run({ tensors: { x, y }, params: { m, n }, threads: m })
      const got = await y.data()
      for (let i = 0; i < m; i++) {
        const want = Array.from({ length: n }, (_, j) => i * n + j).reduce((a, b) => a + b, 0)
        const words = `For m = ${m} and n = ${n}, y[${i}] is ${got[i]}; it must be ${want}.`
        check(got[i] === want, () => words)
      }
      const isWhole = got.slice(m).every(value => value === -1)
      check(isWhole, () => `For m = ${m}, the kernel wrote behind the end of y.`)
    }
    return 'Right, for 3, 7 and 65 rows, and nothing behind the end was touched.'
  },
}
