/**
 * Ten colours for classes that readers with any colour vision can tell apart on white: Paul Tol's
 * muted scheme and black. Digits stand beside them all the same.
 */
export const palette = [
  '#000000',
  '#cc6677',
  '#332288',
  '#ddaa33',
  '#117733',
  '#88ccee',
  '#882255',
  '#44aa99',
  '#999933',
  '#aa4499',
] as const

export const colourOf = (label: number) => palette[label % palette.length]
