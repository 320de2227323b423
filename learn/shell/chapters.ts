/** The chapters, in order. Their texts are learn/chapters/*.md. */

export interface Chapter {
  /** In the address. */
  readonly path: string
  readonly title: string
}

const titles = [
  'A tensor is a view of memory',
  'The chain rule as a tape',
  'Writing a kernel',
  'How to know that a gradient is right',
  'Convolution and its transpose: one relation, read two ways',
  'Three autoencoders',
  'Why the step is fast',
]

export const chapters: readonly Chapter[] = titles.map((title, i) => ({
  path: `chapter/${i + 1}`,
  title,
}))
