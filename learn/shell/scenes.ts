/** The scenes, in the order in which they teach. */
import type { Scene } from './scene.js'

export const scenes: readonly Scene[] = [
  {
    path: 'tape',
    title: 'The tape',
    about: 'Type an expression. See it recorded, and walk back through it, gradient by gradient.',
    load: () => import('../scenes/tape/tape.js'),
  },
  {
    path: 'views',
    title: 'One storage, many views',
    about: 'Memory cells, and the shape, strides and offset that read them in different ways.',
    load: () => import('../scenes/views/views.js'),
  },
  {
    path: 'kernel',
    title: 'A kernel, by hand',
    about: 'Climb from the plain matrix product to the fast one. Edit it, and measure it here.',
    load: () => import('../scenes/kernel/kernel.js'),
  },
  {
    path: 'trust',
    title: 'Trust',
    about: 'Plant a wrong sign in a rule of the engine, and watch the gradient check find it.',
    load: () => import('../scenes/trust/trust.js'),
  },
  {
    path: 'autoencoders',
    title: 'Three autoencoders',
    about: 'Train one in this page. Drag through its codes, and draw a digit of your own.',
    load: () => import('../scenes/autoencoders/autoencoders.js'),
  },
  {
    path: 'bill',
    title: 'The bill',
    about: 'What one training step costs: its launches, buffers and bytes on a timeline.',
    load: () => import('../scenes/bill/bill.js'),
  },
]
