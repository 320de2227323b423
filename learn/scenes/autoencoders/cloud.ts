/** Draws the cloud of codes on a canvas, on the device of the engine, from the engine's own tensors. */

import { mat4, vec3 } from 'wgpu-matrix'
import { beginPass } from '../../../src/cli/view/pass.js'
import type { Tensor } from '../../../src/index.js'
import { device } from '../../../src/kernels/device.js'
import { flush } from '../../../src/kernels/launch.js'
import { inOrder } from '../../../src/kernels/order.js'
import code from './cloud.wgsl?raw'
import type { View } from './messages.js'

export interface Points {
  /** [n, 3] */
  readonly places: Tensor
  /** [n, 784] */
  readonly pixels: Tensor
  readonly labels: Uint8Array
  readonly middle: readonly number[]
  readonly extents: readonly number[]
}

const samples = 4 // per pixel, for smooth edges
const radius = 0.08 // half the edge of a digit; the box's edges have a length of 2
const floatsOfView = 16 + 4 * 7 + 4 * 10 // of struct View in cloud.wgsl

export class Cloud {
  private readonly context: GPUCanvasContext
  private readonly format = navigator.gpu.getPreferredCanvasFormat()
  private readonly digits: GPURenderPipeline
  private readonly box: GPURenderPipeline
  private readonly layout: GPUBindGroupLayout
  private readonly uniform: GPUBuffer
  private targets: GPUTexture[] = []
  private labels: { readonly of: Uint8Array; readonly buffer: GPUBuffer } | null = null

  constructor(private readonly canvas: OffscreenCanvas) {
    const gpu = device()
    this.context = canvas.getContext('webgpu')!
    this.context.configure({ device: gpu, format: this.format, alphaMode: 'opaque' })
    const type = (binding: number, type: GPUBufferBindingType, visibility: number) => ({
      binding,
      visibility,
      buffer: { type },
    })
    const { VERTEX, FRAGMENT } = GPUShaderStage
    this.layout = gpu.createBindGroupLayout({
      entries: [
        type(0, 'uniform', VERTEX | FRAGMENT),
        type(1, 'read-only-storage', VERTEX),
        type(2, 'read-only-storage', FRAGMENT),
        type(3, 'read-only-storage', FRAGMENT),
      ],
    })
    this.digits = this.pipeline('square', 'drawn', 'triangle-list')
    this.box = this.pipeline('edge', 'ruled', 'line-list')
    const { UNIFORM, COPY_DST } = GPUBufferUsage
    this.uniform = gpu.createBuffer({ size: 4 * floatsOfView, usage: UNIFORM | COPY_DST })
  }

  draw(points: Points, view: View): void {
    flush() // what computes the places comes first
    inOrder(() => this.drawNow(points, view))
  }

  private drawNow(points: Points, view: View): void {
    this.resize(view)
    const gpu = device()
    gpu.queue.writeBuffer(this.uniform, 0, uniformOf(points, view))
    const group = gpu.createBindGroup({
      layout: this.layout,
      entries: [
        this.uniform,
        points.places.storage.lease.buffer,
        points.pixels.storage.lease.buffer,
        this.labelsOf(points.labels),
      ].map((buffer, binding) => ({ binding, resource: { buffer: buffer as GPUBuffer } })),
    })
    const encoder = gpu.createCommandEncoder()
    const [colours, depths] = this.targets
    const shown = this.context.getCurrentTexture()
    const pass = beginPass(encoder, { colours, depths, shown }, view.colours[11])
    pass.setBindGroup(0, group)
    pass.setPipeline(this.box)
    pass.draw(24)
    pass.setPipeline(this.digits)
    pass.draw(6, points.labels.length)
    pass.end()
    gpu.queue.submit([encoder.finish()])
  }

  private pipeline(vertex: string, fragment: string, topology: GPUPrimitiveTopology) {
    const gpu = device()
    const module = gpu.createShaderModule({ label: 'cloud', code })
    return gpu.createRenderPipeline({
      layout: gpu.createPipelineLayout({ bindGroupLayouts: [this.layout] }),
      vertex: { module, entryPoint: vertex },
      fragment: { module, entryPoint: fragment, targets: [{ format: this.format }] },
      primitive: { topology },
      depthStencil: { format: 'depth24plus', depthWriteEnabled: true, depthCompare: 'less' },
      multisample: { count: samples, alphaToCoverageEnabled: topology === 'triangle-list' },
    })
  }

  private resize({ width, height }: View): void {
    const { canvas, targets } = this
    if (targets.length > 0 && canvas.width === width && canvas.height === height) return
    Object.assign(canvas, { width, height })
    for (const target of targets) target.destroy()
    const target = (format: GPUTextureFormat) =>
      device().createTexture({
        size: [width, height],
        format,
        sampleCount: samples,
        usage: GPUTextureUsage.RENDER_ATTACHMENT,
      })
    this.targets = [target(this.format), target('depth24plus')]
  }

  private labelsOf(labels: Uint8Array): GPUBuffer {
    if (this.labels?.of === labels) return this.labels.buffer
    this.labels?.buffer.destroy()
    const { STORAGE, COPY_DST } = GPUBufferUsage
    const buffer = device().createBuffer({ size: 4 * labels.length, usage: STORAGE | COPY_DST })
    device().queue.writeBuffer(buffer, 0, Uint32Array.from(labels))
    this.labels = { of: labels, buffer }
    return buffer
  }
}

/** struct View of cloud.wgsl. */
function uniformOf(
  { places, pixels, middle, extents }: Points,
  { yaw, pitch, far, width, height, colours }: View,
): ArrayBuffer {
  const eye = vec3.create(
    far * Math.cos(pitch) * Math.sin(yaw),
    far * Math.sin(pitch),
    far * Math.cos(pitch) * Math.cos(yaw),
  )
  const camera = mat4.lookAt(eye, [0, 0, 0], [0, 1, 0])
  const angle = 2 * Math.atan(0.48 * Math.max(1, height / width)) // the box fits into the width
  const clip = mat4.multiply(mat4.perspective(angle, width / height, 0.1, 30), camera)
  const floats = new Float32Array(floatsOfView)
  floats.set(clip, 0)
  floats.set([camera[0], camera[4], camera[8], radius], 16) // rows of the rotation
  floats.set([camera[1], camera[5], camera[9], far - 1], 20)
  floats.set(eye, 24)
  floats.set(middle, 28)
  floats.set(extents, 32)
  floats.set(colours[11], 36)
  floats.set(colours[10], 40)
  for (let digit = 0; digit < 10; digit++) floats.set(colours[digit], 44 + 4 * digit)
  const words = new Uint32Array(floats.buffer)
  words[27] = places.offset
  words[31] = pixels.offset
  return floats.buffer
}
