/** A training that was stopped, or killed, and resumed ends with the bytes of one that was not. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runs } from '../src/cli/commands/runs.js'
import { sweep } from '../src/cli/commands/sweep.js'
import { type Config, parseConfig } from '../src/cli/training/config.js'
import { withDefaults } from '../src/cli/training/defaults.js'
import { listRuns } from '../src/cli/training/runfolder.js'
import { bar } from '../src/cli/training/screen.js'
import { startTraining } from '../src/cli/training/start.js'
import { decodeSafetensors, encodeSafetensors } from '../src/io/safetensors.js'
import { say } from './commands.js'
import { gpu } from './gpu.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-runs-'))
test.before(gpu)
test.after(() => rmSync(folder, { recursive: true }))

/** Runs the command; `onRun` is called with the child process once its run folder is made. */
async function kernelgrad(args: string[], onRun?: (child: ChildProcess) => void) {
  const env = { ...process.env, FORCE_COLOR: '0' }
  const all = ['--import', 'tsx', 'src/cli/main.ts', ...args]
  const child = spawn(process.execPath, all, { cwd: root, env })
  let [text, errors, called] = ['', '', false]
  child.stdout.on('data', data => (text += data))
  child.stderr.on('data', data => {
    errors += data
    if (called || !/^run /m.test(errors)) return
    called = true
    onRun?.(child)
  })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { text, errors, code }
}

const at = (...names: string[]) => join(folder, ...names)
const bytes = (run: string, name = 'last') =>
  readFileSync(at(run, 'checkpoints', `${name}.safetensors`)).toString('base64')

/** Flags of a short training, with seven steps in each epoch. */
const flags = (run: string, epochs: number) =>
  `train --count 200 --batch 32 --epochs ${epochs} --seed 5 --run ${at(run)}`.split(' ')

/** The same training in this process. */
function train(run: string, epochs: number, settings: Partial<Config> = {}) {
  const given = { count: 200, batch: 32, seed: 5, ...settings, epochs }
  const config = withDefaults(given)
  return startTraining({ config, folder: at(run), runs: folder, ...silent }, () => null)
}

const silent = { quiet: true, json: false }
const resume = (run: string, n: number) =>
  startTraining({ resume: at(run), epochs: { n, isMore: false }, ...silent }, () => null)

/** Waits until a run has so many lines of metrics. */
async function lines(run: string, n: number) {
  const file = at(run, 'metrics.jsonl')
  const enough = () => existsSync(file) && readFileSync(file, 'utf8').split('\n').length > n
  while (!enough()) await new Promise(resolve => setTimeout(resolve, 5))
}

const trainings: Partial<Config>[] = [
  { model: 'mlp' },
  { model: 'conv', schedule: 'constant', weightDecay: 0.01 },
  { model: 'vae' },
  { model: 'textbook', latent: 2, noise: 'gaussian:0.2', clip: 1 },
  { model: 'denoiser', noise: 'mask:0.3' },
]
for (const settings of trainings) {
  const name = settings.model!
  test(`${name}: one epoch and one more have the bytes of two, with the whole state`, async () => {
    await train(`${name}-through`, 2, settings)
    await train(`${name}-half`, 1, settings)
    assert.not.equal(bytes(`${name}-half`), bytes(`${name}-through`))
    await resume(`${name}-half`, 2)
    for (const file of ['last', 'best', 'resume'])
      assert.ok(bytes(`${name}-half`, file) === bytes(`${name}-through`, file), file)
    const losses = (run: string) =>
      readFileSync(at(run, 'metrics.csv'), 'utf8')
        .split('\n')
        .map(row => row.split(',').slice(0, 5).join())
    assert.equal(losses(`${name}-half`), losses(`${name}-through`))
  })
}

test('the right weights with other moments do not go on to the same bytes', async () => {
  await train('short', 1, { model: 'mlp' })
  const file = at('short', 'checkpoints', 'resume.safetensors')
  const { tensors, metadata } = decodeSafetensors(readFileSync(file))
  for (const [name, t] of Object.entries(tensors))
    if (name.startsWith('optimizer.')) t.data.fill(0 as never)
  writeFileSync(file, encodeSafetensors(tensors, metadata))
  await resume('short', 2)
  assert.not.equal(bytes('short'), bytes('mlp-through'))
})

test('nor does a training with new random numbers', async () => {
  await train('reseeded', 1, { model: 'vae' })
  const file = at('reseeded', 'checkpoints', 'resume.safetensors')
  const { tensors, metadata } = decodeSafetensors(readFileSync(file))
  const random = JSON.stringify({ seed: 5, draws: 0 })
  writeFileSync(file, encodeSafetensors(tensors, { ...metadata, random }))
  await resume('reseeded', 2)
  assert.not.equal(bytes('reseeded'), bytes('vae-through'))
})

test('Ctrl-C in an epoch saves, and says how to go on to the same bytes', async () => {
  const through = await kernelgrad(flags('long', 12))
  assert.is(through.code, 0, through.errors)
  const cut = await kernelgrad(flags('cut', 12), async child => {
    await lines('cut', 4)
    child.kill('SIGINT')
  })
  assert.is(cut.code, 130, cut.errors)
  const [command] = cut.errors.match(/kernelgrad train --resume \S+/) ?? ['']
  const resumed = await kernelgrad(command.split(' ').slice(1))
  assert.is(resumed.code, 0, resumed.errors)
  for (const file of ['last', 'best', 'resume'])
    assert.ok(bytes('cut', file) === bytes('long', file), file)
})

test('after kill -9 the last checkpoint is whole, and leads to the same bytes', async () => {
  const killed = await kernelgrad(flags('killed', 12), async child => {
    await lines('killed', 8)
    child.kill('SIGKILL')
  })
  assert.is(killed.code, null)
  const resumed = await kernelgrad(['train', '--resume', at('killed')])
  assert.is(resumed.code, 0, resumed.errors)
  for (const file of ['last', 'best', 'resume'])
    assert.ok(bytes('killed', file) === bytes('long', file), file)
  const steps = readFileSync(at('killed', 'metrics.jsonl'), 'utf8').trim().split('\n')
  const numbers = steps.map(line => JSON.parse(line).step)
  assert.equal(
    numbers,
    numbers.toSorted((a, b) => a - b),
  )
})

test('a training may begin with weights of a file, and leave parts of them as they are', async () => {
  const init = at('mlp-through', 'checkpoints', 'last.safetensors')
  await train('tuned', 1, { model: 'mlp', init, freeze: 'encoder.*,*.bias' })
  const [before, after] = ['mlp-through', 'tuned'].map(run => weightsOf(run))
  const same = Object.keys(before).filter(name => `${before[name].data}` === `${after[name].data}`)
  const frozen = Object.keys(before).filter(name => /^encoder|bias$/.test(name))
  assert.equal(same.sort(), frozen.sort())
  rmSync(init)
  await resume('tuned', 2)
  await refused(() => train('lost', 1, { model: 'mlp', init }), /last\.safetensors: no such file/)
})

const weightsOf = (run: string) =>
  decodeSafetensors(readFileSync(at(run, 'checkpoints', 'last.safetensors'))).tensors

test('a run is never overwritten, and a finished one says so', async () => {
  await refused(() => train('mlp-through', 2), /it has a run already; --resume \S+ goes on with it/)
  await refused(
    () => resume('mlp-through', 2),
    /its 2 epochs are done; --epochs 3 or --epochs \+1 adds one/,
  )
})

async function refused(work: () => Promise<void>, message: RegExp): Promise<void> {
  const error = await work().then(
    () => null,
    error => error,
  )
  assert.match(error?.message ?? 'nothing was refused', message)
}

test('everything of a run is in its folder', async () => {
  const of = (name: string) => readFileSync(at('vae-through', name), 'utf8')
  assert.equal(JSON.parse(of('config.json')).seed, 5)
  assert.match(JSON.parse(of('env.json')).command, /^kernelgrad /)
  assert.is(JSON.parse(of('result.json')).steps, 14)
  assert.match(of('index.html'), /<svg[\s\S]*data:image\/png;base64/)
  assert.not.match(of('index.html'), /http-equiv="refresh"|(src|href)="(?!data:)/)
  for (const picture of ['reconstructions-002.png', 'generated-002.png'])
    assert.ok(existsSync(at('vae-through', 'samples', picture)), picture)
  const all = await listRuns(folder)
  assert.ok(all.some(({ name }) => name === 'vae-through'))
})

test('bad settings are refused before anything is made', async () => {
  for (const [settings, message] of [
    [{ model: 'mpl' }, /--model mpl: there are mlp, conv/],
    [{ model: 'mlp', latent: 2 }, /--latent: the model mlp has no such option/],
    [{ data: at('nothing') }, /nothing: there is no such file or folder; --data takes/],
    [{ noise: 'fog:1' }, /fog/],
  ] as const) {
    await refused(() => train('never', 1, settings), message)
    assert.not.ok(existsSync(at('never')))
  }
  const config = (text: string) => () => parseConfig(text, 'my.json')
  assert.throws(
    config('{ "batchh": 3 }'),
    /my\.json: there is no setting batchh; did you mean batch\?/,
  )
  assert.throws(config('{ "lr": "fast" }'), /my\.json: lr is "fast"; it must be a number above 0/)
  assert.throws(config('[]'), /my\.json: it must be an object/)
  assert.throws(config('{ "lr": 1'), /my\.json: it is no JSON/)
})

test('a wrong flag is refused in one line', async () => {
  const { code, text, errors } = await kernelgrad(['train', '--epochs', '0'])
  assert.equal([code, text], [1, ''])
  assert.match(errors, /^error: option '--epochs <n>'.*It must be a whole number from 1 up\.\n$/)
})

test('explain prints the tape of a network, or draws it', async () => {
  const drawn = await kernelgrad(['explain', '--model', 'vae', '--out', at('tape.dot')])
  assert.equal([drawn.code, drawn.text], [0, `written: ${at('tape.dot')}\n`], drawn.errors)
  assert.is(readFileSync(at('tape.dot'), 'utf8').match(/shape=ellipse/g)?.length, 21)
  const refused = await kernelgrad(['explain', '--out', at('tape.png')])
  assert.is(refused.code, 1)
  assert.match(refused.errors, /tape\.png: it must end in \.html, \.dot, \.mmd$/m)
})

test('a damaged run does not hide the others', async () => {
  mkdirSync(at('some', 'bad'), { recursive: true })
  writeFileSync(at('some', 'bad', 'config.json'), '{')
  cpSync(at('mlp-through'), at('some', 'good'), { recursive: true })
  const { status, stdout, errors } = await say(runs, at('some'))
  assert.is(status, 1)
  assert.match(stdout, /^good +2 /m)
  assert.is(errors.length, 1)
  assert.match(errors[0], /bad.config\.json: it is no JSON/)
  const none = await say(runs, at('nowhere'))
  assert.match(none.errors.join(), /nowhere: no such folder/)
})

test('a training of nothing is refused', () =>
  refused(() => train('frozen', 1, { model: 'mlp', freeze: '*' }), /--freeze \*: nothing is left/))

test('the bar of a training is one line at any width', () => {
  const metric = { step: 1234, epoch: 120, loss: 0.123456, imagesPerSecond: 123_456, seconds: 9 }
  for (let width = 20; width < 200; width++) {
    const line = bar(metric, { steps: 5000, epochs: 300, left: '120:00', width })
    assert.ok(line.length < width, `${width}: ${line}`)
    assert.ok(line.includes('█') || width < 80, `${width}: ${line}`)
  }
})

test('a sweep has a row for each setting, and repeats nothing', async () => {
  const args = `sweep --seeds 3 --set lr=1e-3,1e-2 --out ${at('sweep')}`.split(' ')
  const common = ['--', '--model', 'mlp', '--count', '100', '--epochs', '1']
  const first = await kernelgrad([...args, ...common])
  assert.is(first.code, 0, first.errors)
  assert.match(first.text, /^lr=1e-3 +1 +\d\.\d+ ± \d\.\d+ +\d/m)
  const second = await kernelgrad([...args, ...common])
  assert.is(second.text, first.text)
  const others = await say(sweep, ...args.slice(1), '--model', 'mlp', '--epochs', '2')
  assert.match(others.errors.join(), /it has a sweep with other flags, .*; name another --out$/)
  const seed = await say(sweep, '--seed', '3')
  assert.match(seed.errors.join(), /^kernelgrad: --seed: a sweep has --seeds/)
})

test.run()
