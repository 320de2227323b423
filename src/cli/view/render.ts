/** A scene drawn by WebGPU, on the device of the engine. */
import { device } from '../../kernels/device.js'
import { Canvas, paper } from '../draw/canvas.js'
import { type Camera, distance } from './camera.js'
import { beginPass } from './pass.js'
import type { Scene } from './scene.js'
import { shader } from './shader.js'

// The flags of WebGPU by number: their names exist only once there is a GPU.
const [mapRead, copyTo, vertices, uniform] = [0x01, 0x08, 0x20, 0x40] // GPUBufferUsage
const [copied, attached] = [0x01, 0x10] // GPUTextureUsage: COPY_SRC, RENDER_ATTACHMENT
const reading = 0x01 // GPUMapMode.READ

const format = 'rgba8unorm'
const samples = 4 // per pixel, for smooth edges
const radius = 0.017 // of a ball; the box's longest edge is 2

/** Draws frames of one size; `dispose` frees what it holds. */
export interface Renderer {
  frame(camera: Camera): Promise<Canvas>
  dispose(): void
}

/** @param width a multiple of 64, since WebGPU copies rows of 256 bytes */
export function renderer(scene: Scene, width: number, height: number): Renderer {
  const gpu = device()
  const module = gpu.createShaderModule({ code: shader })
  const pipeline = (entries: [string, string], balls: boolean) =>
    gpu.createRenderPipeline({
      layout: 'auto',
      vertex: {
        module,
        entryPoint: entries[0],
        buffers: [
          {
            arrayStride: 24,
            stepMode: balls ? 'instance' : 'vertex',
            attributes: [
              { shaderLocation: 0, offset: 0, format: 'float32x3' },
              { shaderLocation: 1, offset: 12, format: 'float32x3' },
            ],
          },
        ],
      },
      fragment: { module, entryPoint: entries[1], targets: [{ format }] },
      primitive: { topology: balls ? 'triangle-list' : 'line-list' },
      depthStencil: { format: 'depth24plus', depthWriteEnabled: true, depthCompare: 'less' },
      multisample: { count: samples, alphaToCoverageEnabled: balls },
    })
  const [balls, lines] = [pipeline(['ball', 'lit'], true), pipeline(['edge', 'drawn'], false)]
  const buffer = (data: Float32Array<ArrayBuffer>, usage: number) => {
    const made = gpu.createBuffer({ size: data.byteLength, usage: usage | copyTo })
    gpu.queue.writeBuffer(made, 0, data)
    return made
  }
  const [points, edges] = [scene.points, scene.edges].map(d => buffer(d, vertices))
  const camera = buffer(new Float32Array(40), uniform)
  const bind = (to: GPURenderPipeline) =>
    gpu.createBindGroup({
      layout: to.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: camera } }],
    })
  const texture = (of: GPUTextureFormat, sampleCount: number, usage: number) =>
    gpu.createTexture({ size: [width, height], format: of, sampleCount, usage })
  const [picture, colours, depths] = [
    texture(format, 1, attached | copied),
    texture(format, samples, attached),
    texture('depth24plus', samples, attached),
  ]
  const bytes = gpu.createBuffer({
    size: 4 * width * height,
    usage: copyTo | mapRead,
  })
  const binds = [balls, lines].map(bind)
  const [r, g, b] = paper.map(v => v / 255)

  async function frame({ view, projection }: Camera): Promise<Canvas> {
    const haze = [r, g, b, 1, distance - 1.2, distance + 1.6, radius, 0]
    gpu.queue.writeBuffer(camera, 0, Float32Array.from([...view, ...projection, ...haze]))
    const encoder = gpu.createCommandEncoder()
    const pass = beginPass(encoder, { colours, depths, shown: picture }, [r, g, b])
    pass.setPipeline(lines)
    pass.setBindGroup(0, binds[1])
    pass.setVertexBuffer(0, edges)
    pass.draw(scene.edges.length / 6)
    pass.setPipeline(balls)
    pass.setBindGroup(0, binds[0])
    pass.setVertexBuffer(0, points)
    pass.draw(6, scene.count)
    pass.end()
    encoder.copyTextureToBuffer({ texture: picture }, { buffer: bytes, bytesPerRow: 4 * width }, [
      width,
      height,
    ])
    gpu.queue.submit([encoder.finish()])
    await bytes.mapAsync(reading)
    const rgba = new Uint8Array(bytes.getMappedRange())
    const canvas = new Canvas(width, height)
    for (let i = 0; i < width * height; i++) canvas.data.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i)
    bytes.unmap()
    return canvas
  }

  return {
    frame,
    dispose() {
      for (const made of [points, edges, camera, bytes, picture, colours, depths]) made.destroy()
    },
  }
}
