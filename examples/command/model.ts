/** An autoencoder of your own for `kernelgrad train --model ./model.ts`. */
import { nn, type Tensor } from 'kernelgrad'

/** Of one image, as `forward` takes it. */
export const shape = [784]

/** The values of black and white. */
export const range = [0, 1]

export default class Small extends nn.Module<Tensor> {
  readonly encoder = new nn.Sequential(new nn.Linear(784, 32), new nn.Tanh())
  readonly decoder = new nn.Sequential(new nn.Linear(32, 784), new nn.Sigmoid())

  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.encoder.forward(x))
  }
}
