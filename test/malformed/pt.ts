import { deflateRawSync } from 'node:zlib'
import { crc32 } from '../../src/io/crc32.js'
import { decodePt } from '../../src/io/pt.js'
import {
  bomb,
  dictOf,
  flipped,
  join,
  type Part,
  pickle as p,
  pt,
  ptOf,
  storage,
  tensor,
  u32,
  zip,
} from './build.js'
import { cuts, type Format, row } from './format.js'

const key = p.text('w')
const value = (part: Part) => pt(dictOf(key, part))
const good = value(tensor())
const plain = join(p.proto, dictOf(key, tensor()), p.stop)
const call = (module: string, name: string, ...args: Part[]) =>
  join(p.global(module, name), p.mark, ...args, p.tuple, p.reduce)
/** What an attack would run; a test looks for the file. */
export const canary = '/tmp/kernelgrad-malformed-canary'
const command = p.text(`touch ${canary}`)
const huge = join([0x8a, 8], [255, 255, 255, 255, 255, 255, 255, 127]) // LONG1, 2⁶³ − 1
const negative = p.int(-1)
const refused = /the global "\S+" is not among those that are read; it was not looked up/
const damaged = /data\.pkl, byte \d+: .*the file is damaged/
const nested = (depth: number) => join(p.list.repeat(depth), p.append.repeat(depth - 1))
/** Lists of twice the list before: 2ⁿ values in 12 n bytes. */
const doubling = Array.from({ length: 60 }, (_, i) =>
  join(p.list, p.put(i + 1), p.mark, p.get(i), p.get(i), 'e'),
)

const functions: [module: string, name: string][] = [
  ['os', 'system'],
  ['posix', 'system'],
  ['nt', 'system'],
  ['subprocess', 'Popen'],
  ['subprocess', 'check_output'],
  ['builtins', 'eval'],
  ['builtins', 'exec'],
  ['builtins', '__import__'],
  ['builtins', 'getattr'],
  ['builtins', 'open'],
  ['__builtin__', 'eval'],
  ['importlib', 'import_module'],
  ['runpy', '_run_code'],
  ['webbrowser', 'open'],
  ['shutil', 'rmtree'],
  ['torch', 'load'],
  ['torch.hub', 'load'],
  ['torch.jit', 'load'],
  ['torch.storage', '_load_from_bytes'],
  ['torch._utils', '_rebuild_sparse_tensor'],
  ['torch.nn.modules.linear', 'Linear'],
  ['__main__', 'Net'],
  ['numpy.core.multiarray', '_reconstruct'],
  ['numpy.core.multiarray', 'scalar'],
  ['copyreg', '_reconstructor'],
  ['collections', 'defaultdict'],
  ['_codecs', 'encode'],
  ['globalThis', 'eval'],
  ['Object', 'constructor'],
  ['', '__proto__'],
]

const opcodes: [name: string, bytes: Part][] = [
  ['INST', join(p.mark, command, 'i', 'os\nsystem\n')],
  ['OBJ', join(p.mark, p.global('collections', 'OrderedDict'), 'o')],
  ['NEWOBJ', join(p.global('collections', 'OrderedDict'), p.emptyTuple, [0x81])],
  ['NEWOBJ_EX', join(p.none, p.none, p.none, [0x92])],
  ['EXT1', [0x82, 1]],
  ['EXT2', [0x83, 1, 0]],
  ['EXT4', [0x84, 1, 0, 0, 0]],
  ['PERSID', 'P0\n'],
  ['LONG4', join([0x8b], u32(2 ** 31 - 1))],
  ['BINBYTES8', [0x8e, 255, 255, 255, 255, 255, 255, 255, 127]],
  ['BYTEARRAY8', [0x96, 255, 255, 255, 255, 255, 255, 255, 127]],
  ['FROZENSET', join(p.mark, [0x91])],
  ['POP', join(p.none, '0')],
  ['STRING', "S'os.system'\n"],
  ['unknown', [0xff]],
  ['unknown', [0]],
]

const torchTensor = (parts: Parameters<typeof tensor>[0]) => value(tensor(parts))

export const pts: Format = {
  file: 'bad.pt',
  read: decodePt,
  good,
  rows: [
    ...cuts(good, [0, 4, 40, 100, good.length - 1], /no zip archive ends with its/),
    ...[0, 1, 2, 3, 9, 40, 100, plain.length - 1].map(length =>
      row(`a pickle cut to ${length}`, ptOf(plain.subarray(0, length)), /data\.pkl, byte \d+: /),
    ),
    row('a flipped byte in the pickle', flipped(good, 60), /data\.pkl", .* has CRC-32/),
    row(
      'a flipped byte in the numbers',
      flipped(good, good.length - 180),
      /has CRC-32|another header|should begin/,
    ),
    row(
      'PyTorch before 1.6',
      join([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]),
      /before 1\.6; save it again/,
    ),
    row('a pickle alone', plain, /no zip archive ends/),
    row('no data.pkl', zip([{ name: 'a/x', data: plain }]), /without data\.pkl/),
    row('data.pkl without a folder', zip([{ name: 'data.pkl', data: plain }]), /without data\.pkl/),
    row(
      'TorchScript',
      ptOf(plain, [{ name: 'archive/constants.pkl', data: plain }]),
      /a TorchScript/,
    ),
    row(
      'big-endian',
      ptOf(plain, [{ name: 'archive/byteorder', data: join('big') }]),
      /only little/,
    ),
    ...functions.map(([module, name]) =>
      row(`${module}.${name} is called`, pt(call(module, name, command)), refused),
    ),
    row('a global that is not called', value(p.global('os', 'system')), refused),
    row('STACK_GLOBAL', pt(p.text('os'), p.text('system'), [0x93], command, [0x85], 'R'), refused),
    row('STACK_GLOBAL of numbers', pt(p.int(1), p.int(2), [0x93]), /a global without a name/),
    row('a name over two lines', pt(p.global('torch\nSize', 'x')), /opcode 0x78 \(unknown\)/),
    ...opcodes.map(([name, bytes]) =>
      row(
        `opcode ${name}, ${join(bytes).length} bytes from ${join(bytes)[0]}`,
        pt(bytes),
        new RegExp(`opcode 0x\\w\\w \\(${name}\\) is not among`),
      ),
    ),
    ...(
      [
        ['a text', command],
        ['a number', p.int(1)],
        ['None', p.none],
        ['a dict', p.dict],
        ['a class of storages', p.global('torch', 'FloatStorage')],
        ['a dtype', p.global('torch', 'float32')],
        ['a tensor', tensor()],
      ] as const
    ).map(([what, part]) =>
      row(
        `REDUCE of ${what}`,
        pt(part, command, [0x85], 'R'),
        /REDUCE of what is no known function/,
      ),
    ),
    row('REDUCE with a list', pt(p.global('torch', 'Size'), p.list, 'R'), /REDUCE of what is no/),
    row('REDUCE of nothing', pt('R'), damaged),
    row('BUILD of a text', pt(command, p.dict, p.build), /an OrderedDict should lie on the stack/),
    row(
      'BUILD of a tensor',
      pt(tensor(), p.dict, p.build),
      /an OrderedDict should lie on the stack/,
    ),
    row('BUILD of nothing', pt(p.build), damaged),
    row('protocol 0', ptOf(join('(dp0\n.')), /no pickle of protocol 2 to 5 begins here/),
    row('protocol 1', ptOf(join([0x80, 1], '}.')), /no pickle of protocol 2 to 5/),
    row('protocol 9', ptOf(join([0x80, 9], '}.')), /no pickle of protocol 2 to 5/),
    row('a program in Python', ptOf(join('import os\n')), /no pickle of protocol 2 to 5/),
    row('no value', pt(), /0 values are left, not one/),
    row('two values', pt(p.none, p.none), /2 values are left, not one/),
    row('a mark that is left', pt(p.dict, p.mark), /values are left, not one/),
    row('bytes behind the end', ptOf(join(plain, [0])), /1 bytes follow the pickle's end/),
    row('no mark', pt(p.tuple), /a mark is missing/),
    row(
      'items without a dict',
      pt(p.mark, key, p.none, p.setItems),
      /a dict should lie on the stack/,
    ),
    row('items below a mark', pt(p.dict, p.mark, p.mark, key, p.none, p.setItems), /a dict should/),
    row('a key without a value', pt(p.dict, p.mark, key, p.setItems), /a key without a value/),
    row('an item without a list', pt(p.none, p.none, p.append), /a list should lie on the stack/),
    row('a value below a mark', pt(p.none, p.mark, p.append), /a value is missing/),
    ...(
      [
        ['None', p.none],
        ['a tuple', p.emptyTuple],
        ['a list', p.list],
        ['a fraction', [0x47, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]],
        ['a tensor', tensor()],
        ['a huge number', huge],
      ] as const
    ).map(([what, part]) =>
      row(`the key is ${what}`, pt(dictOf(part, p.none)), /neither a text nor a whole number/),
    ),
    ...[2 ** 32 - 1, 2 ** 31, 1e6].map(index =>
      row(
        `memo index ${index}`,
        pt(p.dict, p.put(index)),
        /memo index \d+ in a pickle of \d+ bytes/,
      ),
    ),
    row('a memo that is empty', pt(p.get(7)), /memo 7 is empty/),
    row('a memo of 2³² − 1', pt(p.get(2 ** 32 - 1)), /memo 4294967295 is empty/),
    row('nothing to remember', pt(p.put(0)), /nothing to remember/),
    row(
      'a text of 2³² − 1 bytes',
      pt('X', u32(2 ** 32 - 1), 'a'),
      /4294967295 bytes should follow/,
    ),
    row('a text that is no UTF-8', pt('X', u32(2), [0xff, 0xfe]), /a text that is not UTF-8/),
    row('a number of 255 bytes', pt([0x8a, 255, 1]), /255 bytes should follow/),
    row('a global without an end', pt('cos'), /a line without an end/),
    row(
      'a list in itself',
      pt(p.list, p.put(0), p.get(0), p.append),
      /nested deeper than 64 levels/,
    ),
    row(
      'a dict in itself',
      pt(p.dict, p.put(0), key, p.get(0), p.setItem),
      /nested deeper than 64/,
    ),
    row('lists, 65 deep', pt(nested(66)), /nested deeper than 64 levels/),
    row('lists, 100 000 deep', pt(nested(100_000)), /nested deeper than 64 levels/),
    row(
      '2⁶⁰ values by sharing',
      pt(p.list, p.mark, p.list, p.put(0), ...doubling, 'e'),
      /is met again and again: more than/,
    ),
    row(
      'a name of 2000 letters',
      pt(dictOf(p.text('n'.repeat(2000)), tensor())),
      /name has 2001 letters/,
    ),
    row(
      'two tensors of one name',
      pt(
        p.dict,
        p.text('a.b'),
        tensor(),
        p.setItem,
        p.text('a'),
        dictOf(p.text('b'), tensor()),
        p.setItem,
      ),
      /two tensors have the name "a\.b"/,
    ),
    row(
      'keys 1 and "1"',
      pt(p.dict, p.text('1'), p.none, p.setItem, p.int(1), p.none, p.setItem),
      /two values named "1"/,
    ),
    row('a storage as a value', value(storage('0')), /neither a tensor nor a plain value/),
    row('a function as a value', value(p.global('torch', 'Size')), /neither a tensor nor a plain/),
    row('a persistent id of a text', value(join(p.text('0'), p.persistent)), /names no storage/),
    row(
      'a persistent id of another kind',
      value(join(p.mark, p.text('module'), p.tuple, 'Q')),
      /names no storage/,
    ),
    row(
      'a storage of an unknown class',
      torchTensor({ storage: storage('0', 6, 'ComplexFloatStorage') }),
      refused,
    ),
    row(
      'a storage of −1 elements',
      torchTensor({ storage: storage('0', negative) }),
      /whole number of elem/,
    ),
    row(
      'a storage of 2⁶³ elements',
      torchTensor({ storage: storage('0', huge) }),
      /whole number of elem/,
    ),
    row(
      'a storage longer than its file',
      torchTensor({ storage: storage('0', 7) }),
      /"data\/0" has 24 bytes, but 7/,
    ),
    row(
      'a storage of doubles',
      torchTensor({ storage: storage('0', 6, 'DoubleStorage') }),
      /6 elements of F64 take 48/,
    ),
    row(
      'a storage that is not there',
      torchTensor({ storage: storage('1') }),
      /there is no "archive\/?data\/1"|there is no "data\/1"/,
    ),
    row(
      'a storage above the archive',
      torchTensor({ storage: storage('../../etc/passwd') }),
      /there is no "data\/\.\./,
    ),
    row('a tensor of no storage', torchTensor({ storage: p.none }), /a tensor without a storage/),
    row(
      'a tensor of no arguments',
      value(call('torch._utils', '_rebuild_tensor_v2')),
      /without a storage/,
    ),
    row('offset −1', torchTensor({ offset: negative }), /no whole number from 0 up/),
    row('offset 2⁶³ − 1', torchTensor({ offset: huge }), /no whole number from 0 up/),
    row(
      'offset 1',
      torchTensor({ offset: p.int(1) }),
      /reaches element 6 of storage "0", which has 6/,
    ),
    row('offset a text', torchTensor({ offset: key }), /no whole number from 0 up/),
    row('shape [−2, 3]', torchTensor({ shape: [-2, 3] }), /no whole number from 0 up/),
    row('shape [2, 4]', torchTensor({ shape: [2, 4] }), /reaches element 6/),
    row(
      'shape [2³¹ − 1]⁴',
      torchTensor({ shape: Array(4).fill(2 ** 31 - 1), strides: [1, 1, 1, 1] }),
      /reaches element 8589934584/,
    ),
    row('strides [−3, 1]', torchTensor({ strides: [-3, 1] }), /no whole number from 0 up/),
    row('strides [3]', torchTensor({ strides: [3] }), /2 dimensions with 1 strides/),
    row('strides [4, 1]', torchTensor({ strides: [4, 1] }), /reaches element 6/),
    row(
      '65 dimensions',
      torchTensor({ shape: Array(65).fill(1), strides: Array(65).fill(1) }),
      /and 64 at most/,
    ),
    row(
      '2³¹ elements by strides of 0',
      torchTensor({ shape: [2 ** 31 - 1], strides: [0] }),
      /would take up to 17179869176 bytes/,
    ),
    row(
      '2¹²⁴ elements by strides of 0',
      torchTensor({ shape: Array(4).fill(2 ** 31 - 1), strides: [0, 0, 0, 0] }),
      /would take/,
    ),
    row(
      '1000 tensors of 2¹⁷ elements by strides of 0',
      pt(
        p.dict,
        ...Array.from({ length: 1000 }, (_, i) =>
          join(p.text(`${i}`), tensor({ shape: [2 ** 17], strides: [0] }), p.setItem),
        ),
      ),
      /would take up to 1048576000 bytes/,
    ),
    row(
      'a parameter that is no tensor',
      value(call('torch._utils', '_rebuild_parameter', key)),
      /no tensor/,
    ),
    row(
      'a torch.Size of a text',
      value(call('torch', 'Size', key)),
      /a torch\.Size that is no tuple/,
    ),
    row(
      'a torch.device of None',
      value(call('torch', 'device', p.none)),
      /a torch\.device of what is no/,
    ),
    row(
      'an OrderedDict of arguments',
      value(call('collections', 'OrderedDict', p.list)),
      /OrderedDict of arg/,
    ),
    row(
      'a truth value 7',
      zip([
        {
          name: 'archive/data.pkl',
          data: join(
            p.proto,
            dictOf(key, tensor({ storage: storage('0', 6, 'BoolStorage') })),
            p.stop,
          ),
        },
        { name: 'archive/data/0', data: Uint8Array.of(0, 1, 0, 7, 1, 1) },
      ]),
      /"w": element 3 is 7; truth values are 0 or 1/,
    ),
    row(
      'a pickle that unpacks to 1 GiB',
      zip([{ name: 'archive/data.pkl', data: bomb(), method: 8, size: 100, crc: 0 }]),
      /does not inflate to 100 bytes/,
    ),
    row(
      'numbers that unpack to 1 GiB',
      ptOf(plain).length > 0
        ? zip([
            { name: 'archive/data.pkl', data: plain },
            { name: 'archive/data/0', data: bomb(), method: 8, size: 24, crc: 0 },
          ])
        : plain,
      /does not inflate to 24 bytes/,
    ),
    row(
      'a deflated pickle with another CRC-32',
      zip([
        {
          name: 'archive/data.pkl',
          data: new Uint8Array(deflateRawSync(plain)),
          method: 8,
          size: plain.length,
          crc: crc32(plain) ^ 1,
        },
      ]),
      /does not inflate/,
    ),
  ],
}
