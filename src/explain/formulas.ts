/** Equations of operations and of their arrows, as short as they can be said. */

/** y, and for each input what its arrow computes from dy. */
export interface Formula {
  readonly y: string
  readonly arrows: readonly string[]
}

/** The equation of an operation; of those without a row here its name alone. */
export function formulaOf(op: string): Formula {
  const row = formulas[op]
  if (!row) return { y: `y = ${op}(…)`, arrows: [] }
  const [y, ...arrows] = row
  return { y, arrows }
}

// biome-ignore format: a table reads in columns
export const formulas: Readonly<Record<string, readonly string[]>> = {
  add: ['y = a + b', 'da = dy', 'db = dy'],
  sub: ['y = a − b', 'da = dy', 'db = −dy'],
  mul: ['y = a b', 'da = dy b', 'db = dy a'],
  div: ['y = a / b', 'da = dy / b', 'db = −dy a / b²'],
  pow: ['y = aᵇ', 'da = dy b aᵇ⁻¹', 'db = dy y ln a'],
  maximum: ['y = max(a, b)', 'da = dy where a > b', 'db = dy where b > a'],
  minimum: ['y = min(a, b)', 'da = dy where a < b', 'db = dy where b < a'],
  addcmul: ['y = a + b c', 'da = dy', 'db = dy c', 'dc = dy b'],
  matmul: ['C[i,j] = Σₖ A[i,k] B[k,j]', 'dA = dC Bᵀ', 'dB = Aᵀ dC'],
  linear: ['y = x Wᵀ + b', 'dx = dy W', 'dW = dyᵀ x', 'db = Σₙ dy[n]'],
  halfLinear: ['y = x Wᵀ + b', 'dx = dy W', 'W is fixed', 'db = Σₙ dy[n]'],
  conv2d: ['y = x ∗ w + b', 'dx: dy spread by w', 'dw: dy over the windows of x', 'db = Σ dy'],
  convTranspose2d: ['y: x spread by w', 'dx = dy ∗ w', 'dw: x over windows of dy', 'db = Σ dy'],
  maxPool2d: ['y = max over each window', 'dx = dy where the maximum was, else 0'],
  avgPool2d: ['y = mean over each window', 'dx = dy / (pixels of a window), added up'],
  relu: ['y = max(z, 0)', 'dz = dy where y > 0, else 0'],
  tanh: ['y = tanh z', 'dz = dy (1 − y²)'],
  sigmoid: ['y = 1 / (1 + e⁻ᶻ)', 'dz = dy y (1 − y)'],
  exp: ['y = eˣ', 'dx = dy y'],
  log: ['y = ln x', 'dx = dy / x'],
  sqrt: ['y = √x', 'dx = dy / (2 y)'],
  abs: ['y = |x|', 'dx = dy sign x'],
  neg: ['y = −x', 'dx = −dy'],
  sin: ['y = sin x', 'dx = dy cos x'],
  cos: ['y = cos x', 'dx = −dy sin x'],
  gelu: ['y = x Φ(x)', 'dx = dy (Φ(x) + x φ(x))'],
  silu: ['y = x σ(x)', 'dx = dy σ(x) (1 + x (1 − σ(x)))'],
  softplus: ['y = ln(1 + eˣ)', 'dx = dy σ(x)'],
  leakyRelu: ['y = x where x > 0, else a x', 'dx = dy where x > 0, else a dy'],
  layerNorm: ['y = w (x − μ) / √(σ² + ε) + b', 'dx: by μ, σ too', 'dw = Σ dy x̂', 'db = Σ dy'],
  attentionWeights: ['y = softmax(s Q Kᵀ + mask)', 'dx = s y (dy − Σⱼ dyⱼ yⱼ)'],
  selfAttention: ['y = softmax(s Q Kᵀ + mask) V, per head', 'dx = [dQ, dK, dV]'],
  lstm: [
    '[i f g o] = x + h Wᵀ;  c = f c + i g;  h = o tanh c;  y = all h and c',
    'dx: from the last step to the first',
    'dW = Σₜ dxₜᵀ h before step t',
  ],
  gru: [
    '[r z n] = x + h Wᵀ + b;  h = n + z (h − n);  y = all h',
    'dx: from the last step to the first',
    'dW: over all steps',
    'db: over all steps',
  ],
  rnn: [
    'h = f(x + h Wᵀ);  y = all h',
    'dx: from the last step to the first',
    'dW = Σₜ dxₜᵀ h before step t',
  ],
  softmax: ['yᵢ = e^xᵢ / Σⱼ e^xⱼ', 'dx = y (dy − Σⱼ dyⱼ yⱼ)'],
  logSoftmax: ['yᵢ = xᵢ − ln Σⱼ e^xⱼ', 'dx = dy − softmax(x) Σⱼ dyⱼ'],
  sum: ['y = Σ x', 'dx = dy, repeated'],
  mean: ['y = Σ x / n', 'dx = dy / n, repeated'],
  sumTo: ['y = Σ x over what was repeated', 'dx = dy, repeated'],
  expand: ['y = x, repeated', 'dx = Σ dy over what was repeated'],
  reshape: ['y = x in another shape', 'dx = dy in the shape of x'],
  permute: ['y = x with its dimensions in another order', 'dx = dy with them in the old order'],
  transpose: ['y = xᵀ', 'dx = dyᵀ'],
  slice: ['y = a part of x', 'dx = dy there, 0 elsewhere'],
  cat: ['y = the inputs side by side', 'each dx = its part of dy'],
  pad: ['y = x with a border', 'dx = the inside of dy'],
  where: ['y = a where c, else b', 'da = dy where c', 'db = dy where not c'],
  gather: ['y = x[index]', 'dx = dy, added up at index'],
  indexSelect: ['y = rows of x at index', 'dx = dy, added up at index'],
  mseLoss: ['L = Σ (y − t)² / n', 'dy = 2 (y − t) / n · dL', 'dt = −2 (y − t) / n · dL'],
  binaryCrossEntropy: ['L = −mean(t ln y + (1 − t) ln(1 − y))', 'dy = (y − t) / (n y (1 − y)) dL'],
  crossEntropy: ['L = −Σ ln softmax(x)[label] / n', 'dx = (softmax(x) − onehot) / n · dL'],
  vaeKld: ['L = Σ (μ² + σ² − ln σ² − 1) / (2 n)', 'dμ = μ / n · dL', 'dσ = (σ − 1/σ) / n · dL'],
}
