// without methods of tensors, a bundle has only the operations that are called here
import { add, backward, init, manualSeed, mseLoss, mul, tensor } from 'kernelgrad/functional'
import { Linear, SGD } from 'kernelgrad/nn'

await init()
manualSeed(0)
const x = tensor([[0], [1], [2], [3]])
const y = add(mul(x, 2), 1) // the line that the network is to find
const model = new Linear(1, 1)
const optimizer = new SGD(model.parameters(), { lr: 0.1 })
let loss = tensor(0)
for (let step = 0; step < 200; step++) {
  optimizer.zeroGrad()
  loss = mseLoss(model.forward(x), y)
  backward(loss)
  optimizer.step()
}
document.body.textContent = `loss ${await loss.item()}`
