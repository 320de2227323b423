/** A long training: memory at its end must be what it was at its start. */
import * as kg from '../../src/node.js'

const { nn } = kg

/** @throws Error when the tensors, buffers or bytes have grown. */
export async function soak(steps: number, print: (line: string) => void): Promise<void> {
  for (const isCompiled of [false, true])
    for (const isScoped of [false, true]) {
      const name = `${isCompiled ? 'compiled' : 'eager'}, ${isScoped ? 'in' : 'out of'} scopes`
      print(`${name}: ${await train(steps, isCompiled, isScoped)}`)
    }
}

async function train(steps: number, isCompiled: boolean, isScoped: boolean): Promise<string> {
  kg.manualSeed(0)
  const model = new nn.Sequential(new nn.Linear(8, 6), new nn.ReLU(), new nn.Linear(6, 8))
  const optimizer = new nn.Adam(model.parameters())
  const plain = (x: kg.Tensor) => {
    optimizer.zeroGrad()
    const loss = kg.mseLoss(model.forward(x), x)
    loss.backward()
    optimizer.step()
    return loss
  }
  const step = isCompiled ? kg.compile(plain) : plain
  const x = kg.keep(kg.rand([4, 8]))
  const once = () => (isScoped ? kg.scope(() => step(x)) : step(x))
  const warm = Math.min(2000, Math.ceil(steps / 4))
  let start = 0
  let [first, last] = [0, 0]
  for (let i = 0; i < steps; i++) {
    const loss = once()
    if (i === 0) first = await loss.item()
    if (i % 50 === 0 || i === steps - 1) last = await loss.item()
    if (i === warm) start = await settled()
  }
  const end = await settled()
  const text = `${steps} steps, loss ${first.toFixed(4)} to ${last.toFixed(4)}, ${start} bytes after ${warm} steps, ${end} at the end`
  if (end > start) throw new Error(`soak: memory has grown: ${text}`)
  return text
}

/** The bytes of live tensors, once the garbage collector has taken those that nothing reaches. */
async function settled(): Promise<number> {
  let least = Infinity
  for (let i = 0; i < 10; i++) {
    globalThis.gc?.()
    await new Promise(resolve => setTimeout(resolve, 5))
    least = Math.min(least, kg.memory().bytes)
  }
  return least
}
