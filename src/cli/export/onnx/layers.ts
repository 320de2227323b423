/** All layers that have a counterpart in ONNX, and a chain of them. */
import { nn, type Tensor, zeros } from '../../../index.js'
import { dry } from '../../../kernels/dryrun.js'
import { openScope } from '../../../tensor/scope.js'
import { activations } from './activations.js'
import { affine } from './affine.js'
import { type Convert, line, type Place, refuse, reshaped } from './convert.js'
import type { Graph, Value } from './graph.js'
import { norms } from './norms.js'
import { pools } from './pools.js'

const same = (_: unknown, at: Place) => at.x.name
const reshape = (_: unknown, at: Place) => reshaped(at.graph, at.name, at.x.name, at.to)

const table = new Map<unknown, Convert>([
  ...affine,
  ...activations,
  ...norms,
  ...pools,
  line(nn.Dropout, same),
  line(nn.Dropout2d, same),
  line(nn.Identity, same),
  line(nn.Flatten, reshape),
  line(nn.Unflatten, reshape),
])

/**
 * Adds a module's nodes to a graph, and gives its output. `name` is the module's in the model.
 * @throws Error that names a layer which ONNX has not, and says what can be done
 */
export function apply(graph: Graph, name: string, module: nn.Module<unknown>, x: Value): Value {
  const kind: unknown = module.constructor
  if (kind === nn.Sequential && !Object.hasOwn(module, 'forward')) {
    const join = (child: string) => (name ? `${name}.${child}` : child)
    return module.children().reduce((y, [child, layer]) => apply(graph, join(child), layer, y), x)
  }
  const at = { graph, name: name || 'layer', x, to: x.shape }
  if (Object.hasOwn(module, 'forward'))
    refuse(at, module, 'its forward is changed by a hook or an adapter; merge() or remove() that')
  const convert = table.get(kind)
  if (!convert)
    return refuse(
      at,
      module,
      `no operator of ONNX is known for it; known are Sequential, ${names().join(', ')}. ` +
        'Export the parts before and behind it, or export for PyTorch and use torch.onnx',
    )
  const to = outputShape(at, module as nn.Module)
  return { name: convert(module as never, { ...at, to }), shape: to }
}

function names(): string[] {
  return [...table.keys()].map(kind => (kind as { name: string }).name)
}

/** The shape without the batch, from a dry run with two samples. */
function outputShape(at: Place, module: nn.Module): readonly number[] {
  const scope = openScope()
  try {
    const [n, ...shape] = dry(() => module.forward(zeros([2, ...at.x.shape])) as Tensor).shape
    if (n !== 2) refuse(at, module, 'it changes the first dimension, the batch; keep that apart')
    return shape
  } catch (error) {
    return refuse(at, module, (error as Error).message)
  } finally {
    scope.close()
  }
}
