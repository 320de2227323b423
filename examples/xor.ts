/** A network learns exclusive or: a complete training loop. `npx tsx examples/xor.ts` runs it. */
import { init, manualSeed, mseLoss, nn, tensor } from '../src/node.js'

await init() // finds a GPU, or a software driver
manualSeed(0)

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]) // [4, 2]
const y = tensor([[0], [1], [1], [0]]) // [4, 1]

const model = new nn.Sequential(
  new nn.Linear(2, 8),
  new nn.Tanh(),
  new nn.Linear(8, 1),
  new nn.Sigmoid(),
)
const optimizer = new nn.Adam(model.parameters(), { lr: 0.05 })

for (let step = 0; step < 300; step++) {
  optimizer.zeroGrad() // forgets the gradients of the last step
  const loss = mseLoss(model.forward(x), y) // forward: every result remembers its inputs
  loss.backward() // backward: every parameter gets its gradient, dloss/dW
  optimizer.step() // moves every parameter a little against its gradient
  if (step % 50 === 0) console.log(step, await loss.item())
}
console.log(await model.forward(x).text()) // close to 0, 1, 1, 0
