/**
 * Python's pickles, of which only plain data are read. A pickle is a program for a machine with a
 * stack and a memo. This one knows the opcodes that build numbers, texts, lists, tuples and dicts,
 * and the globals that it is given. Nothing is imported, looked up or executed.
 *
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
import { check } from '../kernels/check.js'
import { PickleCursor } from './picklecursor.js'
import { type Known, PickleMachine, remedy, Tuple } from './picklemachine.js'
import { opcodes as op, opcodeNames } from './pickleopcodes.js'

type Step = (machine: PickleMachine, cursor: PickleCursor) => void

// biome-ignore format: a table reads in columns
const steps = new Map<number, Step>([
  [op.FRAME, (_, c) => { c.u64() }],
  [op.MARK, m => m.mark()],
  [op.NONE, m => m.push(null)],
  [op.NEWTRUE, m => m.push(true)],
  [op.NEWFALSE, m => m.push(false)],
  [op.BININT, (m, c) => m.push(c.i32())],
  [op.BININT1, (m, c) => m.push(c.u8())],
  [op.BININT2, (m, c) => m.push(c.u16())],
  [op.LONG1, (m, c) => m.push(c.long(c.u8()))],
  [op.BINFLOAT, (m, c) => m.push(c.f64())],
  [op.SHORT_BINUNICODE, (m, c) => m.push(c.text(c.u8()))],
  [op.BINUNICODE, (m, c) => m.push(c.text(c.u32()))],
  [op.EMPTY_LIST, m => m.push([])],
  [op.APPEND, m => m.append([m.pop()])],
  [op.APPENDS, m => m.append(m.popMarked())],
  [op.EMPTY_DICT, m => m.push(new Map())],
  [op.SETITEM, m => { const value = m.pop(); m.setItems([m.pop(), value]) }],
  [op.SETITEMS, m => m.setItems(m.popMarked())],
  [op.EMPTY_TUPLE, m => m.tuple(0)],
  [op.TUPLE1, m => m.tuple(1)],
  [op.TUPLE2, m => m.tuple(2)],
  [op.TUPLE3, m => m.tuple(3)],
  [op.TUPLE, m => m.push(new Tuple(m.popMarked()))],
  [op.BINPUT, (m, c) => m.remember(c.u8())],
  [op.LONG_BINPUT, (m, c) => m.remember(c.u32())],
  [op.MEMOIZE, m => m.remember()],
  [op.BINGET, (m, c) => m.recall(c.u8())],
  [op.LONG_BINGET, (m, c) => m.recall(c.u32())],
  [op.GLOBAL, (m, c) => m.global(c.line(), c.line())],
  [op.STACK_GLOBAL, m => { const name = m.pop(); m.global(m.pop(), name) }],
  [op.REDUCE, m => m.reduce()],
  [op.BUILD, m => m.build()],
  [op.BINPERSID, m => m.persistent()],
])

/**
 * The value in a pickle: lists are arrays, dicts are maps, tuples are of class Tuple, None is null.
 * @throws Error that names the byte, and the opcode or global, when one is not known
 */
export function unpickle(bytes: Uint8Array, file: string, known: Known): unknown {
  const cursor = new PickleCursor(bytes, file)
  const machine = new PickleMachine(cursor, known)
  const begin = cursor.opcode()
  const protocol = begin === op.PROTO ? cursor.u8() : 0
  check(
    protocol >= 2 && protocol <= 5,
    () => `${cursor.where}: no pickle of protocol 2 to 5 begins here; the file is damaged`,
  )
  for (let code = cursor.opcode(); code !== op.STOP; code = cursor.opcode()) {
    const step = steps.get(code)
    check(
      step,
      () =>
        `${cursor.where}: opcode 0x${code.toString(16).padStart(2, '0')} ` +
        `(${opcodeNames.get(code) ?? 'unknown'}) is not among those that are read; ${remedy}`,
    )
    step(machine, cursor)
  }
  return machine.end()
}
