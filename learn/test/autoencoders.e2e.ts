/** The scene of autoencoders: they learn, stop, begin again, decode a place and a drawn digit. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../../src/data/digits.js'
import { leave, visit } from './page.js'

test.after(leave)

const patience = { timeout: 120e3 } // a busy machine compiles kernels slowly

const figure = async (page: Page, name: string) =>
  Number((await page.textContent(`[data-figure="${name}"]`))!.replaceAll(',', ''))

const reached = (page: Page, step: number) =>
  page.waitForFunction(
    least => {
      const text = document.querySelector('[data-figure="step"]')?.textContent ?? '0'
      return Number(text.replaceAll(',', '')) >= least
    },
    step,
    patience,
  )

/** Grey values from 0 to 1 of the canvas with this label. */
const greys = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).evaluate(element => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] / 255)
  })

/** Mean squared difference. */
const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / a.length

/** Asks until the answer is something, since a busy machine needs its time. */
async function wait<T>(page: Page, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + patience.timeout
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    assert.ok(Date.now() < end, `waited in vain: ${what}`)
    await page.waitForTimeout(100)
  }
}

/** The greys of a canvas as soon as they are others than `before`. */
const otherGreys = (page: Page, label: string, before: readonly number[]) =>
  wait(page, `${label} changes`, async () => {
    const now = await greys(page, label)
    return apart(now, before) > 0.01 ? now : undefined
  })

test('a variational autoencoder learns live, and nothing moves on the page meanwhile', () =>
  visit('#/autoencoders', async page => {
    await reached(page, 1)
    const first = await figure(page, 'loss')
    await page.evaluate(() => {
      const shifts = { sum: 0 }
      Object.assign(globalThis, { shifts })
      new PerformanceObserver(list => {
        for (const entry of list.getEntries())
          shifts.sum += (entry as PerformanceEntry & { value: number }).value
      }).observe({ type: 'layout-shift' })
    })
    await reached(page, 15)
    assert.ok((await figure(page, 'loss')) < first / 2, 'the loss has fallen to less than half')
    assert.ok((await figure(page, 'KL')) > 0)
    const shifts = await page.evaluate('shifts.sum')
    assert.ok(Number(shifts) < 0.001, `the page moved by ${shifts}`)
    assert.is(page.workers().length, 1)
    const ended = page.workers()[0].waitForEvent?.('close') ?? Promise.resolve()
    await page.evaluate(() => {
      location.hash = '#/'
    })
    await ended
    assert.is(page.workers().length, 0, 'the worker ends when the reader leaves')
  }))

/** PyTorch's losses from the same weights: the MLP, batches of 32 of the drawn digits, Adam, 2e-3. */
const torchLosses = [0.91707, 0.90108, 0.86718, 0.84211]

test('steps have the losses of PyTorch, and Reset begins again with the same', () =>
  visit(
    '#/autoencoders?model=mlp',
    async page => {
      const steps = async () => {
        const losses: number[] = []
        for (let step = 1; step <= torchLosses.length; step++) {
          await page.getByRole('button', { name: 'Step' }).click()
          await reached(page, step)
          losses.push(await figure(page, 'loss'))
        }
        return losses
      }
      const losses = await steps()
      for (const [i, loss] of losses.entries())
        assert.ok(
          Math.abs(loss - torchLosses[i]) < 2e-5,
          `step ${i + 1}: ${loss}; PyTorch has ${torchLosses[i]}`,
        )
      await page.getByRole('button', { name: 'Reset' }).click()
      await page.waitForFunction(
        () => document.querySelector('[data-figure="step"]')!.textContent === '0',
      )
      assert.equal(await steps(), losses, 'the same numbers again')
      await page.getByRole('button', { name: 'Play' }).click()
      await reached(page, torchLosses.length + 2)
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.waitForTimeout(500) // a step that had begun
      const step = await figure(page, 'step')
      await page.waitForTimeout(700)
      assert.is(await figure(page, 'step'), step, 'Pause stops it')
    },
    { stillMotion: true },
  ))

test('with pretrained weights, the decoder answers in the plane, and a drawn digit comes back', () =>
  visit(
    '#/autoencoders',
    async page => {
      await page.getByRole('button', { name: 'Pretrained weights' }).click()
      await page.waitForFunction(
        () => document.querySelector('.words')!.textContent!.includes('MNIST'),
        undefined,
        patience,
      )
      const plane = page.locator('.plane')
      await plane.scrollIntoViewIfNeeded()
      const { x, y, width } = (await plane.boundingBox())!
      const decoded = 'The image that the decoder makes of the chosen code'
      const choose = async (px: number, py: number) => {
        const before = await page.textContent('.place')
        await page.mouse.move(x + width / 2, y + width / 2)
        await page.mouse.down()
        await page.mouse.move(x + px * width, y + py * width, { steps: 3 })
        await page.mouse.up()
        assert.is.not(await page.textContent('.place'), before)
      }
      // each place is another picture
      for (const [px, py] of [
        [0.3, 0.4],
        [0.7, 0.6],
      ]) {
        const before = await greys(page, decoded)
        await choose(px, py)
        await otherGreys(page, decoded, before)
      }
      const place = await page.textContent('.place')
      await plane.press('ArrowRight')
      assert.is.not(await page.textContent('.place'), place, 'arrow keys move the place')

      const cloud = page.locator('.cloud')
      const seen = await cloud.screenshot()
      for (let press = 0; press < 5; press++) await cloud.press('ArrowLeft')
      await wait(
        page,
        'arrow keys turn the cloud',
        async () => !seen.equals(await cloud.screenshot()) || undefined,
      )

      const pad = page.locator('.pad')
      await pad.scrollIntoViewIfNeeded()
      const box = (await pad.boundingBox())!
      await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.15 * box.height)
      await page.mouse.down()
      await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.85 * box.height, { steps: 6 })
      await page.mouse.up()
      await page.waitForFunction(() => document.querySelector('.error')!.textContent !== '')
      const drawn = await greys(page, 'Your digit as the network sees it')
      const back = await greys(page, 'Your digit as the network gives it back')
      await page.getByRole('button', { name: '0', exact: true }).click()
      const zero = await otherGreys(page, 'Your digit as the network sees it', drawn)
      assert.ok(
        apart(drawn, back) < 0.5 * apart(zero, back),
        `what comes back of a drawn 1 is nearer to it (${apart(drawn, back)}) ` +
          `than to a 0 (${apart(zero, back)})`,
      )
      assert.ok(
        drawn.some(grey => grey > 0.9),
        'the network sees ink',
      )
    },
    { stillMotion: true },
  ))

test('files of images are read, and refused in words', () =>
  visit(
    '#/autoencoders?model=conv',
    async page => {
      const { images, labels, count } = drawDigits({ count: 1100, seed: 5 })
      const idx = (name: string, shape: readonly number[], bytes: Uint8Array) => {
        const head = Buffer.alloc(4 + 4 * shape.length)
        head.set([0, 0, 8, shape.length])
        for (const [i, size] of shape.entries()) head.writeUInt32BE(size, 4 + 4 * i)
        return { name, mimeType: 'application/octet-stream', buffer: Buffer.concat([head, bytes]) }
      }
      const files = [idx('own-images', [count, 28, 28], images), idx('own-labels', [count], labels)]
      const input = page.locator('input[type=file]')
      await input.setInputFiles(files[0])
      const words = (text: string) =>
        page.waitForFunction(
          part => document.querySelector('.words')!.textContent!.includes(part),
          text,
          patience,
        )
      await words('own-images: no labels for its 1100 images')
      await input.setInputFiles(files)
      await words('Read 100 images of your files')
    },
    { stillMotion: true },
  ))

test.run()
