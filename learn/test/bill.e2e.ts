/** The scene of the bill: every launch is on it, with the source of its kernel and who asked for it. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kernels } from '../../src/kernels/sources.js'
import { leave, visit } from './page.js'

test.after(leave)

const patience = { timeout: 120e3 } // a busy machine compiles kernels slowly

test('the bill has as many launches as the engine counts, and shows the source of each', () =>
  visit('#/bill?model=conv&batch=1', async page => {
    await page.waitForSelector('[data-cost="compiled"]', patience)
    const numbers = async (name: string) =>
      (await page.locator(`[data-cost="${name}"] td`).allTextContents()).map(Number)
    const bars = page.locator('.bars button')
    const [eager, compiled] = [await numbers('eager'), await numbers('compiled')]
    assert.is(await bars.count(), eager[0], 'bars, and launches of an eager step')
    assert.ok(compiled[0] <= eager[0], 'a replay launches no more')
    assert.equal(compiled.slice(1, 3), [1, 0], 'one submit, no new bind group')

    const heading = () => page.textContent('.facts code')
    await bars.nth(1).hover() // the first packs weights
    assert.is(await heading(), 'conv/register/forward.main')
    assert.match((await page.textContent('.facts'))!, /Asked for by conv2d: y = x ∗ w \+ b/)
    assert.match((await page.textContent('.facts'))!, /\[1, 1, 28, 28\]/)
    const shown = (await page.locator('.cm-line').allTextContents()).filter(line => line.trim())
    const source = kernels['conv/register/forward']
    assert.ok(shown.length > 5)
    assert.match((await page.textContent('.cm-line.marked'))!, /^fn main\(/)
    for (const line of shown) assert.ok(source.includes(line), `in the source: ${line}`)

    await bars.nth(1).focus()
    await page.keyboard.press('ArrowRight')
    assert.is(await heading(), 'maxpool.forward', 'arrow keys go on to the next launch')
    await bars.last().click()
    assert.is(await heading(), 'adam.step')
    assert.match((await page.textContent('.facts'))!, /AMD’s compiler on this kernel: navi31/)
  }))

test('another model and other kernels have another bill, and stand in the address', () =>
  visit('#/bill?batch=1', async page => {
    await page.waitForSelector('[data-cost="compiled"]', patience)
    assert.is(await page.textContent('.facts code'), 'matmul/register.main')
    await page.getByLabel('Kernels').selectOption('plain')
    await page.waitForFunction(
      () => document.querySelector('.facts code')?.textContent === 'matmul/plain.main',
      undefined,
      patience,
    )
    assert.match(page.url(), /kernels=plain/)
    await page.waitForFunction(
      () => /launches in a step/.test(document.querySelector('.words')?.textContent ?? ''),
      undefined,
      patience,
    )
  }))

test.run()
