declare module 'hershey' {
  /** Strokes of a text in Hershey's simplex letters: y points up, capitals go from −9 to 12. */
  export function stringToPaths(text: string): {
    bounds: { minX: number; maxX: number; minY: number; maxY: number }
    paths: [x: number, y: number][][]
  }
}
