declare module 'gifenc' {
  type Rgb = [red: number, green: number, blue: number]
  interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options?: { palette?: Rgb[]; delay?: number },
    ): void
    finish(): void
    bytes(): Uint8Array
  }
  const gifenc: {
    GIFEncoder(): Encoder
    quantize(rgba: Uint8Array | Uint8ClampedArray, colours: number): Rgb[]
    applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Rgb[]): Uint8Array
  }
  export default gifenc
}
