/** What a launch must know of a kernel, read from its WGSL. */
import { check } from '../kernels/check.js'
import { type Declaration, declarationsIn, reached } from './declarations.js'
import { type Member, membersOf } from './members.js'

/** A buffer: `var<storage, read_write> y: array<vec4f>` has elements of 'f32', 4 at a time. */
export interface BufferDeclaration {
  readonly name: string
  readonly binding: number
  readonly write: boolean
  readonly dtype: 'f32' | 'i32' | 'u32'
  readonly lanes: number
}

export interface EntryPoint {
  readonly name: string
  readonly buffers: readonly BufferDeclaration[]
  /** Names of overrides, with their default values where these are literals. */
  readonly constants: ReadonlyMap<string, number | undefined>
  /** Numbers, or names of constants. */
  readonly workgroupSize: readonly string[]
  /** Whether it reads `num_workgroups`, as a launch of more than 65,535 workgroups needs. */
  readonly folds: boolean
}

export interface Source {
  readonly entries: readonly EntryPoint[]
  /** Of the uniform struct at binding 0; empty without one. */
  readonly members: readonly Member[]
  /** Of that struct. */
  readonly bytes: number
}

const storage =
  /var\s*<\s*storage\s*(?:,\s*(read|read_write))?\s*>\s*(\w+)\s*:\s*array\s*<\s*([^,;]+?)\s*>\s*;/
const uniform = /var\s*<\s*uniform\s*>\s*\w+\s*:\s*(\w+)/
const element = /^(?:atomic\s*<\s*)?(?:vec([234]))?\s*<?\s*([fiu])(?:32)?(?:\s*>)*$/

/**
 * @throws Error that says what a kernel must look like, if this one cannot be launched
 */
export function parse(wgsl: string): Source {
  const declarations = declarationsIn(plain(wgsl))
  const all = [...declarations.values()]
  const names = new Map(all.flatMap(d => (d.kind === 'var' ? [[d.name, bufferOf(d)]] : [])))
  const params = all.find(d => d.kind === 'var' && uniform.test(d.text))
  const struct = params && declarations.get(params.text.match(uniform)![1])
  check(
    !params || struct?.kind === 'struct',
    () => `defineKernel: ${params?.name} must be a struct that the kernel declares`,
  )
  const entries = all.filter(d => d.kind === 'fn' && d.text.includes('@compute'))
  check(
    entries.length > 0,
    () => 'defineKernel: no entry point; a kernel has a function marked @compute',
  )
  check(
    !/\barrayLength\b/.test(plain(wgsl)),
    () =>
      "defineKernel: arrayLength is the buffer's, which may be longer than the tensor; " +
      'pass the number of elements as a param',
  )
  return {
    entries: entries.map(entry => entryPoint(entry, declarations, names)),
    ...(struct ? membersOf(struct) : { members: [], bytes: 0 }),
  }
}

/** Without comments and indents, one declaration a line. */
function plain(wgsl: string): string {
  const code = wgsl.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/.*/g, '')
  return `${code.replace(/[;}]/g, '$&\n').replace(/^\s+/gm, '')}\n`
}

function entryPoint(
  { name, text }: Declaration,
  declarations: ReadonlyMap<string, Declaration>,
  buffers: ReadonlyMap<string, BufferDeclaration | null>,
): EntryPoint {
  const names = reached(name, declarations)
  const size = text.match(/@workgroup_size\s*\(([^)]*)\)/)?.[1] ?? '1'
  const overrides = [...names].filter(each => declarations.get(each)?.kind === 'override')
  return {
    name,
    buffers: [...names]
      .flatMap(each => buffers.get(each) ?? [])
      .sort((a, b) => a.binding - b.binding),
    constants: new Map(overrides.map(each => [each, defaultOf(declarations.get(each)!.text)])),
    workgroupSize: size
      .split(',')
      .map(part => part.trim().replace(/^(\d+)[ui]$/, '$1'))
      .filter(Boolean),
    folds: text.includes('num_workgroups'),
  }
}

function defaultOf(text: string): number | undefined {
  const [, literal] = text.match(/=\s*(-?[\d.]+(?:e-?\d+)?)[uif]?\s*;/) ?? []
  return literal === undefined ? undefined : Number(literal)
}

/** The buffer that it declares; null for variables that are no storage. */
function bufferOf({ name, text }: Declaration): BufferDeclaration | null {
  const at = (attribute: string) =>
    Number(text.match(new RegExp(`@${attribute}\\s*\\((\\d+)`))?.[1])
  if (uniform.test(text)) {
    check(
      at('group') === 0 && at('binding') === 0,
      () => `defineKernel: ${name} must be at @group(0) @binding(0), where params are`,
    )
    return null
  }
  if (!/var\s*<\s*storage/.test(text)) return null
  const [, access, , type = ''] = text.match(storage) ?? []
  const [, lanes, letter] = type.match(element) ?? []
  check(
    letter !== undefined && lanes !== '3',
    () =>
      `defineKernel: ${name} must be an array of f32, i32 or u32, or of their vec2 or vec4, such ` +
      `as var<storage, read> ${name}: array<f32>`,
  )
  check(
    at('group') === 0 && at('binding') > 0,
    () => `defineKernel: ${name} must be at @group(0), @binding(1) or above; 0 is for params`,
  )
  return {
    name,
    binding: at('binding'),
    write: access === 'read_write',
    dtype: `${letter as 'f' | 'i' | 'u'}32`,
    lanes: Number(lanes ?? 1),
  }
}
