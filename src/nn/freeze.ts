/** Parameters that training leaves as they are, chosen by name. */
import { zeroGrad } from '../autograd/gradients.js'
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { Module } from './module.js'
import { matching, type NamePattern } from './namepattern.js'
import { isParameter, setTrainable } from './parameter.js'

/**
 * Freezes the parameters whose names match: they get no gradient, no optimizer changes them, and
 * they are not in `parameters()`. They stay in the state. Returns their names.
 *
 *     nn.freeze(model, 'encoder')       all below encoder
 *     nn.freeze(model, '*.bias')        * stands for any letters
 *     nn.freeze(model, /norm\d/)
 *
 * Running statistics of batch norms are no parameters: `model.encoder.eval()` keeps them, too.
 * @throws Error when no parameter has such a name; it names the nearest ones
 */
export function freeze(model: Module<unknown>, pattern: NamePattern): string[] {
  return setAll('freeze', model, pattern, false)
}

/**
 * Lets parameters be trained again whose names match, as in `freeze`. Returns their names. An
 * optimizer that was made while they were frozen does not know them: make a new one.
 * @throws Error when no parameter has such a name; it names the nearest ones
 */
export function unfreeze(model: Module<unknown>, pattern: NamePattern): string[] {
  return setAll('unfreeze', model, pattern, true)
}

function setAll(op: string, model: Module<unknown>, pattern: NamePattern, on: boolean): string[] {
  check(
    model instanceof Module,
    () => `${op}: got ${described(model)} where a module belongs: ${op}(model, 'encoder')`,
  )
  const parameters = new Map(model.namedTensors().filter(([, t]) => isParameter(t)))
  const names = matching(op, 'parameter', [...parameters.keys()], pattern)
  for (const name of names) {
    const t = parameters.get(name)!
    setTrainable(t, on)
    if (!on) zeroGrad(t) // else an optimizer would continue with its last gradient
  }
  return names
}
