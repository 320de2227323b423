/**
 * Trains outside of scopes, and prints what the package webgpu-memory has counted on the way: it
 * watches the device's own methods. A process of its own, since it changes them for good.
 */
import { globals } from 'webgpu'

Object.assign(globalThis, globals)
const { getWebGPUMemoryUsage } = await import('webgpu-memory')
const { init, manualSeed, memory, mseLoss, nn, rand } = await import('../src/node.js')

await init()
manualSeed(1)
const model = new nn.Sequential(new nn.Linear(16, 8), new nn.ReLU(), new nn.Linear(8, 16))
const optimizer = new nn.Adam(model.parameters())
const counts: { buffers: number; bytes: number; ours: number }[] = []
for (let step = 1; step <= 600; step++) {
  const x = rand([32, 16])
  optimizer.zeroGrad()
  const loss = mseLoss(model.forward(x), x)
  loss.backward()
  optimizer.step()
  if (step % 20 === 0) {
    await loss.item()
    global.gc?.()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  if (step % 200 !== 0) continue
  const { memory: used, resources } = getWebGPUMemoryUsage()
  counts.push({ buffers: resources.buffer ?? 0, bytes: used.buffer, ours: memory().bytes })
}
console.log(JSON.stringify(counts))
process.exit()
