/** The settings and the metrics of a run, which people edit, and which a power cut may damage. */
import { ordered, parseWholeConfig } from '../../src/cli/training/config.js'
import { withDefaults } from '../../src/cli/training/defaults.js'
import { parseMetrics } from '../../src/cli/training/metrics.js'
import { cuts, type Format, row } from './format.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (file: Uint8Array) => new TextDecoder().decode(file)

const settings = ordered(withDefaults({ model: 'mlp' }))
const config = bytes(JSON.stringify(settings))
const withSetting = (name: string, value: unknown) =>
  bytes(JSON.stringify({ ...settings, [name]: value }))
const without = (name: string) => withSetting(name, undefined)

export const runConfig: Format = {
  file: 'config.json',
  read: (file, name) => parseWholeConfig(textOf(file), name),
  good: config,
  rows: [
    ...cuts(config, [0, 1, 20, config.length - 1], /it is no JSON/),
    ...['null', '3', '"a"', '[]'].map(text => row(text, bytes(text), /it must be an object/)),
    row('an empty object', bytes('{}'), /it lacks model, data, .*; the file is damaged/),
    row('no seed', without('seed'), /it lacks seed; the file is damaged/),
    row('lists, 100 000 deep', bytes('['.repeat(100_000)), /it is no JSON|it must be an object/),
    row('another setting', withSetting('rate', 1), /there is no setting rate/),
    row('__proto__', bytes('{"__proto__": {"lr": 1}}'), /there is no setting __proto__/),
    ...(
      [
        ['model', 3],
        ['model', ''],
        ['data', null],
        ['epochs', 0],
        ['epochs', 1.5],
        ['epochs', '4'],
        ['batch', -1],
        ['batch', 1e300],
        ['lr', 0],
        ['lr', null],
        ['schedule', 'toString'],
        ['weightDecay', -1],
        ['clip', 0],
        ['seed', -1],
        ['noise', 0.3],
        ['freeze', ['encoder.*']],
        ['eager', 'no'],
      ] as const
    ).map(([name, value]) =>
      row(
        `${name} ${JSON.stringify(value)}`,
        withSetting(name, value),
        new RegExp(`${name} is .*; it must be`),
      ),
    ),
  ],
}

const [loss, test] = [
  '{"step":10,"epoch":1,"loss":0.5,"lr":0.001,"imagesPerSecond":100,"seconds":1}\n',
  '{"step":20,"epoch":1,"testError":0.4,"seconds":2}\n',
]
const [first, second] = [/line 1 is damaged/, /line 2 is damaged/]

export const metrics: Format = {
  file: 'metrics.jsonl',
  read: (file, name) => parseMetrics(textOf(file), name),
  good: bytes(loss + test),
  rows: [
    row('a line that is cut in the middle', bytes(`${loss}{"step":1\n${test}`), second),
    row('an empty line in the middle', bytes(`${loss}\n${test}`), second),
    row('zeros, as after a power cut', bytes(`\0\0\0\0\n${test}`), first),
    ...[
      'null',
      '[]',
      '7',
      '{}',
      '{"step":10,"epoch":1}',
      '{"step":"10","epoch":1,"seconds":1}',
    ].map(line => row(`${line} in the middle`, bytes(`${line}\n${test}`), first)),
    ...['loss', 'testError', 'lr', 'imagesPerSecond', 'seconds'].map(name =>
      row(
        `${name} as text`,
        bytes(`{"step":10,"epoch":1,"seconds":1,"${name}":"x"}\n${test}`),
        first,
      ),
    ),
  ],
}
