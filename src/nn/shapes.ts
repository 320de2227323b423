/** A dry run of a model: which modules are called, in which order, with which output shapes. */
import { dry } from '../kernels/dryrun.js'
import { tensorsIn } from '../tensor/lifetime.js'
import { openScope } from '../tensor/scope.js'
import type { Tensor } from '../tensor/tensor.js'
import { addHook } from './hooks.js'
import { parametersIn } from './parameter.js'

/** The methods of a module that are used here. */
export interface ModuleLike {
  forward(...inputs: unknown[]): unknown
  children(): [name: string, child: ModuleLike][]
  namedModules(): [name: string, module: ModuleLike][]
  namedTensors(): [name: string, t: Tensor][]
}

/** A module and its calls. */
export interface LayerCalls {
  readonly name: string
  readonly type: string
  /** Elements in its own parameters, without its children's and those that an earlier layer has. */
  readonly parameters: number
  readonly children: number
  /** The tensors that it returned, call by call. */
  readonly outputs: Tensor[][]
}

/**
 * Runs `forward` dry. Returns the layers in the order of their first calls, then those without a
 * call. The modules are unchanged afterwards.
 * @throws Error that names the innermost module whose `forward` throws
 */
export function callsOf(model: ModuleLike, inputs: () => Tensor[]): LayerCalls[] {
  const entered = new Set<LayerCalls>()
  const running: LayerCalls[] = []
  const undo: (() => void)[] = []
  const layers = layersOf(model)
  for (const [module, layer] of layers) {
    const hook = addHook(module, {
      before() {
        entered.add(layer)
        running.push(layer)
        return undefined
      },
      after(_module, _inputs, output) {
        running.splice(running.lastIndexOf(layer))
        layer.outputs.push(tensorsIn(output))
        return undefined
      },
    })
    undo.push(hook.remove, restorer(module))
  }
  const scope = openScope()
  try {
    dry(() => model.forward(...inputs()))
  } catch (error) {
    const at = running.at(-1)
    const where = at ? `${at.name ? `${at.name} (${at.type})` : at.type}: ` : ''
    throw new Error(`summary: ${where}${(error as Error).message}`, { cause: error })
  } finally {
    scope.close()
    for (const back of undo) back()
  }
  return [...new Set([...entered, ...layers.values()])]
}

function layersOf(model: ModuleLike): Map<ModuleLike, LayerCalls> {
  const seen = new Set<Tensor>()
  return new Map(
    model.namedModules().map(([name, module]) => {
      const children = module.children()
      const theirs = new Set(
        children.flatMap(([, child]) => child.namedTensors().map(([, t]) => t)),
      )
      const own = module
        .namedTensors()
        .map(([, t]) => t)
        .filter(t => !theirs.has(t) && !seen.has(t) && seen.add(t))
      const parameters = own.reduce((sum, t) => sum + parametersIn(t), 0)
      const { name: type } = module.constructor
      return [module, { name, type, parameters, children: children.length, outputs: [] }]
    }),
  )
}

/** A function that restores an object's present properties. */
function restorer(object: object): () => void {
  const before = { ...object }
  return () => {
    for (const key of Object.keys(object)) if (!(key in before)) Reflect.deleteProperty(object, key)
    Object.assign(object, before)
  }
}
