import { decodeCheckpoint } from '../../src/io/checkpoint.js'
import { cuts, type Format, row } from './format.js'
import { file } from './safetensors.js'

const format = 'kernelgrad-checkpoint-v1'
const state = '{"step":3}'
const random = '{"seed":1,"draws":0}'
const withMetadata = (metadata: Record<string, string>) => file({ __metadata__: metadata })
const withState = (text: string) => withMetadata({ format, state: text, random })
const withRandom = (text: string) => withMetadata({ format, state, random: text })
const good = withState(state)
const deep = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`

export const checkpoint: Format = {
  file: 'bad.checkpoint',
  read: (bytes, name) => decodeCheckpoint(bytes, {}, { name }),
  good,
  rows: [
    ...cuts(good, [0, 7], /a safetensors file begins with a header length/),
    ...cuts(good, [8, 40, good.length - 1], /the header should take/),
    row('weights alone', file({}), /its format is not named, not kernelgrad-checkpoint-v1/),
    row('another format', withMetadata({ format: 'pt', state, random }), /its format is pt, not/),
    row('no state', withMetadata({ format, random }), /its metadata are no checkpoint's/),
    row('no random stream', withMetadata({ format, state }), /its metadata are no checkpoint's/),
    ...['', '{', 'null', '[]', '3', '"a"'].map(text =>
      row(`state ${text || 'empty'}`, withState(text), /its metadata are no checkpoint's/),
    ),
    ...['', 'null', '[]', '{]', '7'].map(text =>
      row(`random stream ${text || 'empty'}`, withRandom(text), /its metadata are no checkpoint's/),
    ),
    ...[
      '{}',
      '{"seed":1}',
      '{"draws":1}',
      '{"seed":-1,"draws":0}',
      '{"seed":1.5,"draws":0}',
      '{"seed":"1","draws":0}',
      '{"seed":1,"draws":-1}',
      '{"seed":1,"draws":1e300}',
      '{"seed":1e300,"draws":1}',
      '{"seed":1,"draws":null}',
    ].map(text => row(`random stream ${text}`, withRandom(text), /random stream|seed/)),
    ...['w', '', '__proto__', 'toString'].map(name =>
      row(
        `a tensor ${JSON.stringify(name)} that is not there`,
        withState(JSON.stringify({ a: { $tensor: name } })),
        /there is no tensor .*; the file is damaged/,
      ),
    ),
    row('a tensor in a list', withState('{"a":[1,{"$tensor":"w"}]}'), /there is no tensor w/),
    ...['abc', '', 'Infinity1', '0x10', '1e5'].map(text =>
      row(
        `a number ${JSON.stringify(text)}`,
        withState(JSON.stringify({ a: { $number: text } })),
        /no number.*the file is damaged/,
      ),
    ),
    row('lists, 5000 deep', withState(deep(5000)), /deeper than \d+/),
    row('lists, 100 000 deep', withState(deep(100_000)), /deeper than \d+|no checkpoint's/),
  ],
}
