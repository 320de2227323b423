/** How the learning rate goes over the steps of a training. */
import { nn } from '../../node.js'

export const schedules = ['constant', 'cosine', 'onecycle'] as const

/** A scheduler that is called after every step; null for a constant rate. */
export function scheduleOf(
  kind: (typeof schedules)[number],
  optimizer: nn.Optimizer,
  { lr, steps }: { lr: number; steps: number },
): nn.Scheduler | null {
  if (kind === 'cosine') return new nn.CosineAnnealingLR(optimizer, { tMax: steps })
  if (kind === 'onecycle')
    return new nn.OneCycleLR(optimizer, { maxLr: lr, totalSteps: Math.max(steps, 2) })
  return null
}
