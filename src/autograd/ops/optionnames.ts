/** The names of options that an operation and its layer have in common. */

export const convOptions = ['stride', 'padding', 'dilation', 'groups', 'activation'] as const

export const convTransposeOptions = [...convOptions, 'outputPadding'] as const

export const maxPoolOptions = ['stride', 'padding', 'dilation', 'ceilMode'] as const

export const avgPool1dOptions = ['stride', 'padding', 'ceilMode', 'countIncludePad'] as const

export const avgPoolOptions = [...avgPool1dOptions, 'divisorOverride'] as const

export const interpolateOptions = ['size', 'scaleFactor', 'mode', 'alignCorners'] as const

export const normOptions = ['weight', 'bias', 'eps'] as const

export const classLossOptions = ['reduction', 'weight', 'ignoreIndex'] as const

export const crossEntropyOptions = [...classLossOptions, 'labelSmoothing'] as const
