/** A kernel that notes what it reads and writes: its text with a call around every index. */
import { closed, inserted, withoutComments } from './text.js'

/** A buffer of which uses are noted. */
export interface Noted {
  /** In the WGSL. */
  readonly name: string
  /** Numbers in its memory; an element of it may be a vec4. */
  readonly size: number
  readonly write: boolean
  /** Where the notes of its memory begin in the journal. */
  readonly at: number
}

export const journalBinding = 15
/** Words of the journal that say whom to watch: the workgroup, and the invocation in it. */
export const journalHead = 2
/** Words per number that is read: by all, by the workgroup, by the invocation. */
export const wordsPerRead = 3
/** A writer is workgroup · stride + invocation + 1; 0 is nobody. */
export const writerStride = 1024

/** The text that notes all uses of these buffers in a journal. */
export function instrumented(wgsl: string, buffers: readonly Noted[]): string {
  const code = withoutComments(wgsl)
  const pieces: [number, string][] = []
  for (const { name } of buffers)
    for (const { index } of code.matchAll(new RegExp(`(?<![\\w.])${name}\\[`, 'g'))) {
      const open = index + name.length
      pieces.push([open + 1, `noted_${name}(`], [closed(code, open), ')'])
    }
  const entry = code.search(/@compute/)
  const params = code.indexOf('(', code.indexOf('fn main', entry))
  const end = closed(code, params)
  const body = code.indexOf('{', end)
  const signature = code.slice(params, end)
  const known = (builtin: string) =>
    signature.match(new RegExp(`@builtin\\(${builtin}\\)\\s*(\\w+)`))?.[1]
  const added: string[] = []
  const nameOf = (builtin: string, type: string) => {
    const name = known(builtin)
    if (name) return name
    added.push(`@builtin(${builtin}) own_${builtin}: ${type}, `)
    return `own_${builtin}`
  }
  const group = nameOf('workgroup_id', 'vec3u')
  const index = nameOf('local_invocation_index', 'u32')
  pieces.push([params + 1, added.join('')])
  pieces.push([body + 1, ` note_who(${group}.x, ${index});`])
  return `${inserted(wgsl, pieces)}\n${journal(buffers, code)}`
}

/** How many numbers an element of this buffer is: 4 for a vec4. */
function lanesOf(code: string, name: string): number {
  const found = code.match(new RegExp(`var<storage[^>]*>\\s*${name}\\s*:\\s*array<(?:vec(\\d))?`))
  return Number(found?.[1] ?? 1)
}

function journal(buffers: readonly Noted[], code: string): string {
  return `
@group(0) @binding(${journalBinding}) var<storage, read_write> journal: array<atomic<u32>>;
var<private> note_writer: u32;
var<private> note_group: bool;
var<private> note_self: bool;
fn note_who(group: u32, index: u32) {
  note_writer = group * ${writerStride}u + index + 1u;
  note_group = group == atomicLoad(&journal[0]);
  note_self = note_group && index == atomicLoad(&journal[1]);
}
${buffers.map(buffer => noteOf(buffer, lanesOf(code, buffer.name))).join('\n')}`
}

/** An index past the end counts for the last element, as far as it is read at all. */
function noteOf({ name, size, write, at }: Noted, lanes: number): string {
  const note = write
    ? `atomicStore(&journal[${at}u + number], note_writer);`
    : `let to = ${at}u + ${wordsPerRead}u * number;
    atomicAdd(&journal[to], 1u);
    if (note_group) { atomicAdd(&journal[to + 1u], 1u); }
    if (note_self) { atomicAdd(&journal[to + 2u], 1u); }`
  return `fn noted_${name}(i: u32) -> u32 {
  let first = ${lanes}u * min(i, ${size / lanes - 1}u);
  for (var number = first; number < first + ${lanes}u; number++) {
    ${note}
  }
  return i;
}`
}
