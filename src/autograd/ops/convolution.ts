/**
 * Convolution: one relation between images x, images y and weights w, of which any two give the
 * third. The gradients of each are the other two.
 */
import { type Activation, activationCode } from '../../launches/activation.js'
import { convForward, convInput } from '../../launches/conv.js'
import { convWeight } from '../../launches/convweight.js'
import type { Geometry } from '../../launches/geometry.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { activated } from '../fuse.js'
import type { Request } from '../shortcut.js'
import { record } from '../tape.js'
import { sum } from './sum.js'

/** y from x and w:  y[n,o,oy,ox] = Σ w[o,c,ky,kx] x[n,c,iy,ix] */
export function yFrom(
  x: Tensor,
  w: Tensor,
  b: Tensor | null,
  shapes: Geometry,
  f: Activation | null = null,
): Tensor {
  const y = convForward(x, w, shapes, { bias: b, activation: activationCode(f) })
  const recorded = record(
    'conv2d',
    y,
    [
      [x, dy => xFrom(dy, w, null, shapes)],
      [w, dy => wFrom(x, dy, shapes)],
      b && [b, dy => sum(dy, [0, 2, 3])], // db[o] = Σ dy[n,o,oy,ox]
    ],
    {
      shortcut: (dy, request) => [
        request.wants(x) && convInput(dy, w, shapes, { behind: behind(x, request) }),
        ...parameterGradients(x, dy, w, b, { shapes, biasOf: 'y', request }),
      ],
    },
  )
  return activated(recorded, f)
}

/** x from y and w:  x[n,c,iy,ix] = Σ w[o,c,ky,kx] y[n,o,oy,ox] */
export function xFrom(
  y: Tensor,
  w: Tensor,
  b: Tensor | null,
  shapes: Geometry,
  f: Activation | null = null,
): Tensor {
  const x = convInput(y, w, shapes, { bias: b, activation: activationCode(f) })
  const recorded = record(
    'convTranspose2d',
    x,
    [
      [y, dx => yFrom(dx, w, null, shapes)],
      [w, dx => wFrom(dx, y, shapes)],
      b && [b, dx => sum(dx, [0, 2, 3])],
    ],
    {
      shortcut: (dx, request) => [
        request.wants(y) && convForward(dx, w, shapes, { behind: behind(y, request) }),
        ...parameterGradients(dx, y, w, b, { shapes, biasOf: 'x', request }),
      ],
    },
  )
  return activated(recorded, f)
}

/** w from x and y:  w[o,c,ky,kx] = Σ x[n,c,iy,ix] y[n,o,oy,ox] */
function wFrom(x: Tensor, y: Tensor, shapes: Geometry): Tensor {
  const w = empty(shapes.w, 'f32', 'conv2d')
  convWeight(x, y, shapes, { dw: w, biasOf: 'y' })
  return record('convWeight', w, [
    [x, dw => xFrom(y, dw, null, shapes)],
    [y, dw => yFrom(x, dw, null, shapes)],
  ])
}

/** What a kernel needs to multiply by f′, where x came out of an f. */
function behind(x: Tensor, request: Request) {
  return { y: x, activation: activationCode(request.behind(x)) }
}

/** dw and db by the same launches. The bias belongs to the channels of x or of y. */
function parameterGradients(
  x: Tensor,
  y: Tensor,
  w: Tensor,
  b: Tensor | null,
  { shapes, biasOf, request }: { shapes: Geometry; biasOf: 'x' | 'y'; request: Request },
): Tensor[] {
  if (!request.wants(w) && !request.wants(b)) return []
  const [dw, db] = request.destinations('conv2d', ...(b ? [w, b] : [w]))
  convWeight(x, y, shapes, { dw, db, biasOf })
  return db ? [dw, db] : [dw]
}
