/** A recurrent layer over a whole sequence, as one operation. */
import { check } from '../../kernels/check.js'
import { linearGradients } from '../../launches/linear.js'
import { type Hidden, recurrentBackward, recurrentForward } from '../../launches/recurrent.js'
import { cells, type Recurrence, statesBefore } from '../../launches/recurrentstates.js'
import { compact } from '../../tensor/contiguous.js'
import { type Shape, sameShape, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { grad } from '../backward.js'
import type { Request } from '../shortcut.js'
import { isRecorded, isRecording, record, withRecording } from '../tape.js'
import { add } from './arithmetic.js'
import { checkFloat } from './operands.js'
import { stepByStep } from './recurrentsteps.js'
import { reshape } from './reshape.js'

/**
 * All states of a cell that reads a sequence: h before the first step and after each, in the order
 * of the sequence, then an LSTM's c likewise.
 *
 * x [l, n, gates · hidden], the gates' parts of the input   W [gates · hidden, hidden]
 * start: h, and c, before the first step [n, hidden]        y [(1 or 2) · (l + 1), n, hidden]
 */
export function recurrent(
  x: Tensor,
  hidden: Hidden,
  start: readonly Tensor[],
  how: Recurrence,
): Tensor {
  const { w, b } = hidden
  const { op } = cells[how.cell]
  const inputs = [x, w, ...(b ? [b] : []), ...start]
  checkInputs(x, hidden, start, how, inputs)
  const pass = recurrentForward(x, hidden, start, how, isRecorded(...inputs))
  const gradients = (dy: Tensor, request: Request) => {
    const dStates = compact(dy)
    const wants = start.some(request.wants)
    const { dx, dOwn, start: sums } = recurrentBackward(pass, dStates, w, how, wants)
    const of = b ? [w, b] : [w]
    const into = of.some(request.wants) ? request.destinations(op, ...of) : null
    if (into) {
      const [l, n, width] = x.shape
      const h = statesBefore(pass.states, l, how)
      linearGradients(h, w, reshape(dOwn, [l * n, width]), { dx: false, into, behind: 0 })
    }
    return [dx, ...(into ?? of.map(() => null)), ...sums.map(parts => parts.reduce(add))]
  }
  const arrows = gradientsOfSteps(inputs, hidden, how)
  return record(
    op,
    pass.states,
    inputs.map((input, i) => [input, dy => arrows(dy, i)]),
    { shortcut: (dy, request) => (x.size > 0 ? gradients(dy, request) : []) },
  )
}

/** @throws Error when an input is not f32 or has another shape than the weight asks for */
function checkInputs(
  x: Tensor,
  { w, b }: Hidden,
  start: readonly Tensor[],
  { cell }: Recurrence,
  all: readonly Tensor[],
): void {
  const { op, gates, states } = cells[cell]
  checkFloat(op, ...all)
  const [, n, width] = x.shape
  const hidden = width / gates
  const fits = (t: Tensor, shape: Shape) => sameShape(t.shape, shape)
  check(
    x.rank === 3 &&
      fits(w, [width, hidden]) &&
      (!b || fits(b, [width])) &&
      start.length === states &&
      start.every(state => fits(state, [n, hidden])),
    () =>
      `${op}: the gates' part of the input is ${show(x.shape)}, weight_hh is ${show(w.shape)}` +
      `${b ? `, bias_hh is ${show(b.shape)}` : ''}, the states are ` +
      `${start.map(state => show(state.shape)).join(', ')}; they are [length, n, ${gates} · ` +
      `hidden], [${gates} · hidden, hidden], [${gates} · hidden] and [n, hidden]`,
  )
}

/**
 * The gradients of the inputs, with gradients of their own: those of the same steps one by one. All
 * are computed when the first is asked for.
 */
function gradientsOfSteps(inputs: readonly Tensor[], { b }: Hidden, how: Recurrence) {
  let known: { dy: Tensor; dxs: readonly Tensor[] } | null = null
  return (dy: Tensor, i: number): Tensor => {
    if (known?.dy !== dy) {
      const createGraph = isRecording()
      known = withRecording(true, () => {
        // aliases, so that an input that is given twice has the gradient of each use
        const own = inputs.map(x => record('alias', view(x, x, x.op), [[x, dx => dx]]))
        const [x, w, ...others] = own
        const [bias, start] = b ? [others[0], others.slice(1)] : [null, others]
        const states = stepByStep(x, { w, b: bias }, start, how)
        const asked = own.filter(x => x.requiresGrad)
        const found = grad(states, asked, { dy, createGraph, retainGraph: true })
        return { dy, dxs: own.map(x => found[asked.indexOf(x)]) }
      })
    }
    return known!.dxs[i]
  }
}
