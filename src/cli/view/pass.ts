/** The pass that draws a scene on clean paper, the nearest things in front. */

/** Where a scene is drawn. */
export interface Targets {
  /** Several samples per pixel. */
  readonly colours: GPUTexture
  readonly depths: GPUTexture
  /** One sample per pixel: what is shown. */
  readonly shown: GPUTexture
}

/** Begins it. `paper` is red, green and blue, from 0 to 1. */
export function beginPass(
  encoder: GPUCommandEncoder,
  { colours, depths, shown }: Targets,
  [r, g, b]: readonly number[],
): GPURenderPassEncoder {
  return encoder.beginRenderPass({
    colorAttachments: [
      {
        view: colours.createView(),
        resolveTarget: shown.createView(),
        clearValue: { r, g, b, a: 1 },
        loadOp: 'clear',
        storeOp: 'discard',
      },
    ],
    depthStencilAttachment: {
      view: depths.createView(),
      depthClearValue: 1,
      depthLoadOp: 'clear',
      depthStoreOp: 'discard',
    },
  })
}
