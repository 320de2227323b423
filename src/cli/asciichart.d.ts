declare module 'asciichart' {
  /** Numbers as a line of box-drawing characters, with a scale on the left. */
  export function plot(
    series: readonly number[],
    options?: { height?: number; format?: (value: number) => string },
  ): string
}
