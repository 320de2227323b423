/** The uses of an autoencoder as commands. The networks are not trained: what counts is the rest. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { uses } from '../src/cli/commands/uses.js'
import { encodeImages } from '../src/cli/imagefiles.js'
import { openImages } from '../src/cli/images.js'
import { makeNetwork } from '../src/cli/loaded.js'
import { fileNameOf, type Network, type NetworkOptions } from '../src/cli/network.js'
import { drawDigits } from '../src/data/digits.js'
import { saveSafetensors } from '../src/node/files.js'
import { init, io, manualSeed, shutdown } from '../src/node.js'
import { say } from './commands.js'

const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-uses-'))
const digits = join(folder, 'digits.npy')

test.before(async () => {
  await init()
  manualSeed(1)
  const { images } = drawDigits({ count: 130, seed: 4 })
  writeFileSync(
    digits,
    io.encodeNpy({ dtype: 'U8', shape: [130, 28, 28], data: Uint8Array.from(images) }),
  )
  await weights('mlp')
  await weights('conv', { width: 2 })
  await weights('denoiser')
  await weights('vae')
  await weights('textbook', { latent: 2 })
  shutdown()
})
test.after(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string) => join(folder, `${name}.safetensors`)

async function weights(name: string, options: NetworkOptions = {}): Promise<void> {
  const network = await makeNetwork(name, options)
  const metadata = { model: name, options: JSON.stringify(network.options) }
  await saveSafetensors(fileOf(name), await io.toHost(network.model.stateDict()), metadata)
}

/** Runs a command in this process. */
const kernelgrad = (name: string, ...args: string[]) =>
  say(uses.find(command => command.name() === name)!, ...args)

/** Runs a command with --json on the small set; gives its object, and its files by name. */
async function use(command: string, model: string, ...args: string[]) {
  const out = mkdtempSync(join(folder, `${command}-`))
  const given = ['--weights', fileOf(model), '--data', digits, '--out', out, '--json']
  const { status, stdout, errors } = await kernelgrad(command, ...given, ...args)
  assert.is(status, 0, errors.join('\n'))
  assert.is(stdout.trim().split('\n').length, 1)
  const values = JSON.parse(stdout)
  const files = new Map<string, Buffer>()
  for (const path of values.files) files.set(path.slice(out.length + 1), readFileSync(path))
  return { values, files }
}

/** The picture of a file, which is checked by its decoder. */
function picture(files: Map<string, Buffer>, name: string) {
  const file = files.get(name)
  assert.ok(file, `${name} is not among ${[...files.keys()]}`)
  return decode(file)
}

test('reconstruct', async () => {
  for (const model of ['conv', 'vae', 'denoiser']) {
    const { values, files } = await use('reconstruct', model)
    assert.is(values.images, 13)
    assert.ok(values.mse.mean > 0 && values.mse.error > 0)
    assert.ok(values.psnr.mean > 0 && values.psnr.mean < 20)
    const { width, height } = picture(files, `${model}-reconstructions.png`)
    assert.ok(width > 12 * 84 && height > 2 * 84)
  }
})

test('denoise: a table of the network and of both filters, for every kind of noise', async () => {
  for (const [kind, ...args] of [
    ['gaussian', '--sigma', '0.3'],
    ['salt-pepper', '--amount', '0.1'],
    ['mask'],
  ]) {
    const { values, files } = await use('denoise', 'denoiser', '--noise', kind, ...args)
    assert.is(values.noise.kind, kind)
    for (const name of ['noisy', 'median', 'gaussian', 'cleaned'])
      assert.ok(values[name].psnr.mean > 5 && values[name].mse.error > 0, name)
    if (kind === 'gaussian') {
      // σ² less what is cut off outside of [0, 1]: half of it where the image is black
      assert.ok(values.noisy.mse.mean > 0.04 && values.noisy.mse.mean < 0.09)
      assert.ok(values.gaussian.psnr.mean > values.noisy.psnr.mean + 3)
    }
    if (kind === 'salt-pepper') assert.ok(values.median.psnr.mean > values.noisy.psnr.mean + 3)
    assert.is(picture(files, 'denoiser-denoised.png').channels, 3)
  }
})

test('denoise: an amount that the noise cannot have is refused in one line', async () => {
  for (const [args, message] of [
    [['--noise', 'fog'], /Allowed choices are gaussian, salt-pepper, mask/],
    [['--sigma', '-1'], /It must be a number above 0/],
    [['--sigma', '11'], /gaussian with 11; .* at most 10$/],
    [['--noise', 'mask', '--amount', '1.5'], /mask with 1.5; .* at most 1$/],
    [['--noise', 'mask', '--sigma', '0.5'], /--sigma: noise of the kind mask has --amount/],
    [['--amount', '0.5'], /--amount: Gaussian noise has --sigma/],
  ] as const) {
    const { status, stdout, errors } = await kernelgrad('denoise', ...args)
    assert.is(status, 1)
    assert.is(stdout, '')
    assert.is(errors.length, 1)
    assert.match(errors[0], message)
  }
})

test('evaluate: errors, loss, and what the codes tell', async () => {
  const { status, stdout } = await kernelgrad(
    ...['evaluate', '--weights', fileOf('mlp'), '--count', '200', '--json'],
  )
  assert.is(status, 0)
  const { images, loss, mse, psnr, neighbours } = JSON.parse(stdout)
  assert.is(images, 1000)
  // the loss is the MSE with pixels from −1 to 1, whose errors are twice as large
  assert.ok(Math.abs(loss / (4 * mse.mean) - 1) < 1e-4)
  assert.ok(psnr.mean > 0)
  assert.ok(neighbours.accuracy > 0.1 && neighbours.accuracy < 1)
  const words = await kernelgrad('evaluate', '--weights', fileOf('denoiser'), '--count', '20')
  assert.match(words.stdout, /^loss +0\.\d+$/m)
  assert.not.match(words.stdout, /class by codes/)
})

test('latent: codes as CSV and .npy, and pictures of them', async () => {
  for (const [model, size] of [
    ['mlp', 3],
    ['conv', 64],
    ['textbook', 2],
  ] as const) {
    const { values, files } = await use('latent', model)
    assert.is(values.latent, size)
    assert.is(values.neighbours, undefined) // nothing is known of classes
    const npy = io.decodeNpy(files.get(`${model}-codes.npy`)!)
    assert.equal([npy.dtype, npy.shape], ['F32', [13, size]])
    const [head, ...lines] = files.get(`${model}-codes.csv`)!.toString().trim().split('\n')
    assert.is(
      head,
      ['index', 'label', ...Array.from({ length: size }, (_, i) => `z${i + 1}`)].join(),
    )
    assert.is(lines.length, 13)
    const values32 = lines.flatMap(line =>
      line
        .split(',')
        .slice(2)
        .map(v => Math.fround(Number(v))),
    )
    assert.equal(values32, [...(npy.data as Float32Array)])
    const svg = files.get(`${model}-codes.svg`)!.toString()
    assert.match(svg, /^<svg.*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    assert.is(svg.match(/<circle/g)?.length, 13)
    assert.ok(picture(files, `${model}-neighbours.png`).height > 9 * 84)
    assert.is(files.has(`${model}-space.png`), size > 2)
    if (size === 2) continue
    const { width, height, data } = picture(files, `${model}-space.png`)
    assert.equal([width, height], [1024, 896])
    assert.ok(new Set(data).size > 30) // lit balls and a box, on paper
    const gif = files.get(`${model}-space.gif`)!
    assert.is(gif.subarray(0, 6).toString('latin1'), 'GIF89a')
    assert.equal([gif.readUInt16LE(6), gif.readUInt16LE(8)], [512, 448])
  }
})

test('latent: classes told by codes, and by principal components', async () => {
  const out = mkdtempSync(join(folder, 'latent-'))
  const { status, stdout, errors } = await kernelgrad(
    ...['latent', '--weights', fileOf('textbook'), '--count', '150', '--out', out],
  )
  assert.is(status, 0, errors.join())
  assert.match(stdout, /^the network's codes +\d+\.\d\d %$/m)
  assert.match(stdout, /^2 principal components of the pixels +[3-9]\d\.\d\d %$/m)
  assert.match(stdout.trim().split('\n').at(-1)!, /^written: .*textbook-codes\.csv, /)
  const svg = readFileSync(join(out, 'textbook-codes.svg'), 'utf8')
  for (let digit = 0; digit < 10; digit++)
    assert.match(svg, new RegExp(`<text[^>]*>${digit}</text>`))
})

test('generate: samples of a seed, and the plane of codes of two numbers', async () => {
  const made = async (...args: string[]) => {
    const out = mkdtempSync(join(folder, 'generate-'))
    const { status, stdout } = await kernelgrad(
      ...['generate', '--weights', fileOf('textbook'), '--samples', '17', '--out', out, '--json'],
      ...args,
    )
    assert.is(status, 0)
    return (JSON.parse(stdout).files as string[]).map(file => readFileSync(file))
  }
  const [samples, plane] = await made()
  assert.equal(await made(), [samples, plane]) // the same seed, the same bytes
  assert.not.equal((await made('--seed', '1'))[0], samples)
  assert.equal([decode(samples).height, decode(plane).channels], [2 * 84 + 2 * 14 + 3, 3])
  const { status, stdout, errors } = await kernelgrad('generate', '--weights', fileOf('conv'))
  assert.equal([status, stdout, errors.length], [1, '', 1])
  assert.match(errors[0], /^kernelgrad: --model conv: it does not generate, .* vae and textbook do/)
})

test('interpolate: a strip and an animation', async () => {
  const { values, files } = await use(
    'interpolate',
    'vae',
    '--from',
    '2',
    '--to',
    '5',
    '--steps',
    '4',
  )
  assert.is(values.codes.length, 2)
  assert.is(picture(files, 'vae-interpolation.png').height, 2 * 84 + 2 * 14 + 3)
  const gif = files.get('vae-interpolation.gif')!
  assert.equal([gif.readUInt16LE(6), gif.readUInt16LE(8)], [240, 240])
  const given = ['--weights', fileOf('vae'), '--data', digits]
  const { status, errors } = await kernelgrad('interpolate', ...given, '--to', '13')
  assert.is(status, 1)
  assert.equal(errors, ['kernelgrad: --to 13: there are 13 test images, from 0'])
})

test('options that contradict each other are refused in one line', async () => {
  for (const [args, message] of [
    [['--weights', fileOf('mlp'), '--run', folder], /--run and --weights: .*; name one of them/],
    [['--weights', fileOf('mlp'), '--model', 'conv'], /its weights are of the model mlp, not of/],
    [['--model', 'mpl'], /--model mpl: there are mlp, conv, /],
    [['--checkpoint', 'best'], /--checkpoint best: it is for a run/],
    [['--run', join(folder, 'none')], /none: no such folder/],
  ] as const) {
    const { status, stdout, errors } = await kernelgrad('reconstruct', ...args, '--out', folder)
    assert.equal([status, stdout, errors.length], [1, '', 1], errors.join('\n'))
    assert.match(errors[0], message)
  }
})

test('of images in the order of their classes, both parts have all classes', async () => {
  const labels = Uint8Array.from({ length: 30 }, (_, i) => Math.floor(i / 10))
  const paths = ['images.idx', 'labels.idx'].map(name => join(folder, name))
  writeFileSync(paths[0], encodeImages(paths[0], new Uint8Array(30 * 784), [30, 28, 28]))
  writeFileSync(paths[1], Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 30, ...labels]))
  const { trainSet, testSet } = await openImages(paths.join())
  assert.equal([...testSet.labels], [0, 1, 2])
  assert.is(trainSet.count, 27)
  const one = join(folder, 'one.idx')
  writeFileSync(one, encodeImages(one, new Uint8Array(784), [1, 28, 28]))
  const { errors } = await kernelgrad('reconstruct', '--data', one, '--out', folder)
  assert.match(errors.join(), /one\.idx: 1 images; it takes 2, one to train on and one to test/)
})

test('pictures of a network of one’s own are named by its file', () => {
  for (const name of ['mlp', '/my work/mlp.ts', 'C:\\work\\mlp.mjs'])
    assert.is(fileNameOf({ name } as Network), 'mlp')
})

test('a network without codes is refused in one line by what needs them', async () => {
  const { status, stdout, errors } = await kernelgrad('latent', '--weights', fileOf('denoiser'))
  assert.is(status, 1)
  assert.is(stdout, '')
  assert.equal(errors, [
    'kernelgrad: --model denoiser: it has no codes; choose mlp, conv, vae or textbook',
  ])
})

test.run()
