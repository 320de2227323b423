/** Pictures, decoded again, and the figure of the losses. */
import { decode } from 'fast-png'
import { parseHTML } from 'linkedom'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { grid, reconstructions } from '../src/cli/pictures.js'
import { lossCurve } from '../src/cli/plot.js'

/** The colour [red, green, blue] at (x, y) of a PNG, and its size. */
function pixels(png: Uint8Array) {
  const { data, width, height, channels, depth } = decode(png)
  assert.is(channels, 3)
  assert.is(depth, 8)
  const at = (x: number, y: number) => Array.from(data.subarray(3 * (y * width + x)).slice(0, 3))
  return { width, height, at }
}

const black = [0, 0, 0]
const white = [255, 255, 255]
const tiny = { columns: 2, height: 1, width: 2, scale: 1 } // images of two pixels
// margin 5, gap 1: images begin at x = 5 and 8; rows at y = 5, 7, and after another margin 13, 15

test('originals stand above their copies, pair by pair', () => {
  const originals = Float32Array.of(-1, 1, 1, -1, 0, 0)
  const copies = Float32Array.of(1, 1, -1, -1, 1, 1)
  const { width, height, at } = pixels(reconstructions(originals, copies, tiny))
  assert.equal([width, height], [15, 21])
  assert.equal([at(5, 5), at(6, 5), at(8, 5), at(9, 5)], [black, white, white, black])
  assert.equal([at(5, 7), at(6, 7), at(8, 7), at(9, 7)], [white, white, black, black])
  assert.equal(at(5, 13), [128, 128, 128])
  assert.equal(at(5, 15), white)
  assert.equal(at(8, 13), at(0, 0), 'where the last row has no image there is paper')
})

test('a pixel becomes a square of scale × scale pixels', () => {
  const options = { columns: 1, height: 1, width: 2, scale: 3 }
  const { width, height, at } = pixels(grid(Float32Array.of(-1, 1), options))
  assert.equal([width, height], [36, 33])
  for (const y of [15, 16, 17]) {
    for (const x of [15, 16, 17]) assert.equal(at(x, y), black)
    for (const x of [18, 19, 20]) assert.equal(at(x, y), white)
  }
  assert.equal(at(14, 15), at(0, 0))
  assert.equal(at(15, 18), at(0, 0))
})

test('values outside the range are clamped, and NaN is magenta', () => {
  const values = Float32Array.of(-9, 9, Number.NaN, Number.POSITIVE_INFINITY)
  const { at } = pixels(grid(values, { ...tiny, range: [0, 2] }))
  assert.equal([at(5, 5), at(6, 5), at(8, 5), at(9, 5)], [black, white, [255, 0, 255], white])
})

test('bytes are drawn from 0 to 255, and a row is no longer than its images', () => {
  const { width, at } = pixels(grid(Uint8Array.of(0, 255), { ...tiny, columns: 9 }))
  assert.is(width, 12)
  assert.equal([at(5, 5), at(6, 5)], [black, white])
})

test('images are as far apart as the gap says', () => {
  const { width, at } = pixels(grid(Float32Array.of(-1, -1, 1, 1), { ...tiny, gap: 4 }))
  assert.is(width, 18)
  assert.equal([at(6, 5), at(7, 5), at(10, 5), at(11, 5)], [black, at(0, 0), at(0, 0), white])
})

test('images that do not fit together are refused with the numbers', () => {
  const cases: [() => unknown, RegExp][] = [
    [() => grid(new Float32Array(3), tiny), /grid: 3 values; images of 1 × 2 need a multiple of 2/],
    [() => grid(new Float32Array(0), tiny), /grid: 0 values; .* at least one/],
    [() => grid(new Float32Array(2), { ...tiny, columns: 0 }), /columns is 0; .* from 1 up/],
    [() => grid(new Float32Array(2), { ...tiny, scale: 1.5 }), /scale is 1.5; .* whole number/],
    [() => grid(new Float32Array(2), { ...tiny, range: [1, 1] }), /range is \[1, 1\]; black and/],
    [
      () => reconstructions(new Float32Array(4), new Float32Array(2), tiny),
      /reconstructions: 4 values in the originals and 2 in the copies/,
    ],
  ]
  for (const [draw, pattern] of cases) assert.throws(draw, pattern)
})

test('the loss curve is a complete SVG with axes, legend and a dot per test', () => {
  const points = Array.from({ length: 100 }, (_, i) => ({ step: i * 10 + 1, loss: 1 / (i + 1) }))
  const after = [300, 600, 900].map(step => ({ step, loss: 0.2 }))
  const svg = lossCurve(points, { title: '784 < 3 & back', test: after })
  const { document } = parseHTML(svg)
  const root = document.querySelector('svg')
  assert.is(root?.getAttribute('xmlns'), 'http://www.w3.org/2000/svg')
  assert.equal([root?.getAttribute('width'), root?.getAttribute('height')], ['720', '420'])
  const words = Array.from(document.querySelectorAll('text'), text => text.textContent)
  for (const word of ['step', 'mean squared error', '784 < 3 & back', 'training, smoothed'])
    assert.ok(words.includes(word), `${word} in ${words.join(', ')}`)
  assert.is(document.querySelectorAll('circle').length, after.length + 1) // one in the legend
  assert.not.match(svg, /NaN|undefined|784 < 3/)
})

test('a loss curve of one point, of none, or with NaN is still drawn', () => {
  for (const losses of [[], [0.5], [0.5, Number.NaN, 0.4], [1, 1e30, Number.POSITIVE_INFINITY]]) {
    const points = losses.map((loss, step) => ({ step, loss }))
    assert.not.match(lossCurve(points, { title: 'short' }), /NaN|Infinity/)
  }
})

test('the background is white, and no label is longer than its margin', () => {
  for (const scale of [1e-6, 1, 1e4, 1e30]) {
    const points = [1, 2, 3].map(step => ({ step, loss: scale / step }))
    const { document } = parseHTML(lossCurve(points, { title: 'long '.repeat(40) }))
    const [first] = Array.from(document.querySelectorAll('svg > :not(style)'))
    assert.equal([first.tagName.toLowerCase(), first.getAttribute('fill')], ['rect', 'white'])
    for (const text of document.querySelectorAll('[aria-label="y-axis tick label"] text'))
      assert.ok(text.textContent.length <= 7, text.textContent)
    const title = document.querySelector('text[font-size="16"]')
    assert.is(title?.textContent.length, 60)
  }
})

test.run()
