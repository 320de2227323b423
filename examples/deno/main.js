import { init, manualSeed, mseLoss, nn, tensor } from 'kernelgrad'

await init()
manualSeed(0)
const x = tensor([[0], [1], [2], [3]])
const y = x.mul(2).add(1) // the line that the network is to find
const model = new nn.Linear(1, 1)
const optimizer = new nn.SGD(model.parameters(), { lr: 0.1 })
let loss = tensor(0)
for (let step = 0; step < 200; step++) {
  optimizer.zeroGrad()
  loss = mseLoss(model.forward(x), y)
  loss.backward()
  optimizer.step()
}
console.log(`loss ${await loss.item()}`)
