/** Images on the GPU as bytes: the same floats as from the host. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compile, data, scope, type Tensor, tensor } from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

/** Images of 3 × 5, so that no image begins at a whole word; every byte occurs. */
const [height, width, count] = [3, 5, 37]
const images = Uint8Array.from({ length: count * height * width }, (_, i) => (i * 7) % 256)
const set: data.ImageSet = { images, labels: new Uint8Array(count), count, height, width }

test('the floats are those of pixels, bit for bit, in any order and more than once', async () => {
  const index = [36, 0, 5, 5, 17]
  for (const scale of [{}, { mean: 0, std: 1 }, { mean: 0.1307, std: 0.3081 }]) {
    const floats = data.pixels(set, scale)
    const wanted = index.flatMap(i => [...floats.subarray(i * 15, (i + 1) * 15)])
    const device = new data.DeviceImages(set, { ...scale, shape: [1, 3, 5] })
    const x = device.take(tensor(Int32Array.from(index)))
    assert.equal(x.shape, [5, 1, 3, 5])
    assert.equal([...(await x.data())], wanted)
    device.dispose()
  }
})

test('a compiled step takes other images whenever it is given another index', async () => {
  const device = new data.DeviceImages(set, { mean: 0, std: 1 })
  const sums = compile((index: Tensor) => device.take(index).sum())
  const floats = data.pixels(set, { mean: 0, std: 1 })
  for (const i of [0, 9, 36]) {
    const wanted = floats.subarray(15 * i, 15 * i + 15).reduce((sum, value) => sum + value, 0)
    const got = await scope(() => sums(tensor(Int32Array.of(i)))).item()
    assert.ok(Math.abs(got - wanted) < 1e-5, `${got}, ${wanted}`)
  }
})

test('an index outside is refused from the host, and gives NaN from the GPU', async () => {
  const device = new data.DeviceImages(set)
  assert.throws(() => device.take(tensor(Int32Array.of(0, 37))), /DeviceImages.take: the index.*37/)
  assert.throws(() => device.take(tensor([1, 2])), /must be a list of i32/)
  const computed = tensor(Int32Array.of(36, -2)).add(tensor(Int32Array.of(1, 0)))
  const values = await device.take(computed).data()
  assert.ok(values.every(Number.isNaN))
  assert.throws(() => new data.DeviceImages(set, { shape: [784] }), /3 × 5 cannot have the shape/)
})

test.run()
