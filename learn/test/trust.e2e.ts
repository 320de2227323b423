/** The scene of trust: planted bugs are found and named, and the valley lies where theory says. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { leave, visit } from './page.js'

test.after(leave)

/** '2.2 · 10⁻³' as a number. */
function numberIn(text: string): number {
  const [, digits, power] = text.match(/([\d.]+) · 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/)!
  const exponent = [...power].map(c => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')
  return Number(digits) * 10 ** Number(exponent)
}

test('the valley of each precision lies at the cube root of its machine epsilon', () =>
  visit('#/trust', async page => {
    const words = page.locator('.ucurve .reading')
    await words.filter({ hasText: 'best step' }).waitFor({ timeout: 60e3 })
    const text = (await words.textContent()) ?? ''
    const [, float32, float64] = text.match(/best step here is (.*) in float32 and (.*) in/)!
    for (const [found, epsilon] of [
      [numberIn(float32), 2 ** -23],
      [numberIn(float64), 2 ** -52],
    ]) {
      const decades = Math.abs(Math.log10(found / Math.cbrt(epsilon)))
      assert.ok(decades < 1, `${found} is ${decades} decades away`)
    }
  }))

test('the slider moves both points, whose slopes are those of the difference', () =>
  visit('#/trust?eps=1e-3', async page => {
    const row = (name: string) => page.locator('.ucurve tbody tr').filter({ hasText: name })
    await row('float64').waitFor({ timeout: 60e3 })
    const dots = page.locator('.ucurve circle')
    const places = () => dots.evaluateAll(all => all.map(dot => dot.getAttribute('cx')))
    const before = await places()
    const slope = async (name: string) => Number(await row(name).locator('td').nth(1).textContent())
    const want = (e: number) => (Math.exp(1 + e) - Math.exp(1 - e)) / (2 * e)
    assert.ok(Math.abs((await slope('float64')) - want(1e-3)) < 1e-6)
    await page.getByLabel('step ε').focus()
    for (let i = 0; i < 24; i++) await page.keyboard.press('ArrowRight')
    assert.ok((await places()).every((x, i) => Number(x) > Number(before[i])))
    // at 0.1 curvature is far above rounding, in float32 too
    for (const name of ['float32', 'float64'])
      assert.ok(Math.abs((await slope(name)) - want(0.1)) < 1e-4, name)
    assert.match(page.url(), /eps=1\.0e-1/)
  }))

async function verdict(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Check all rules' }).click()
  const place = page.locator('.planting .verdict:is(.right, .wrong)')
  await place.waitFor({ timeout: 120e3 })
  return (await place.textContent()) ?? ''
}

test('without a bug all rules are right; a planted one is found and named in twelve rules', () =>
  visit('#/trust', async page => {
    assert.match(await verdict(page), /^All \d+ rules are right/)
    for (const name of [
      ...['matmul', 'linear', 'conv2d', 'convTranspose2d', 'maxPool2d', 'relu', 'tanh', 'softmax'],
      ...['layerNorm', 'mseLoss', 'gaussianKld', 'reshape'],
    ]) {
      await page.locator('.planting select').nth(0).selectOption(name)
      assert.match(await verdict(page), new RegExp(`^The rule of ${name} is wrong`))
      const failed = await page.locator('.rules .failed strong').allTextContents()
      // the divergence reshapes its inputs, so it fails with a bug there
      assert.equal(failed, name === 'reshape' ? ['gaussianKld', name] : [name])
    }
  }))

test('other bugs are found as well', () =>
  visit('#/trust', async page => {
    for (const [rule, input, kind] of [
      ['matmul', 'A', 'a transpose too many'],
      ['linear', 'b', 'a sum over the first row only'],
      ['layerNorm', 'w', 'a factor 2 too much'],
    ]) {
      await page.locator('.planting select').nth(0).selectOption(rule)
      await page.locator('.planting select').nth(1).selectOption(input)
      await page.locator('.planting select').nth(2).selectOption(kind)
      assert.match(await verdict(page), new RegExp(`^The rule of ${rule} is wrong`))
    }
  }))

test('a training with a wrong sign in its loss climbs, and without it falls', () =>
  visit('#/trust?rule=mseLoss', async page => {
    await page.getByRole('button', { name: 'Train with it and without' }).click()
    const words = page.getByText(/^After \d+ steps/)
    await words.waitFor({ timeout: 100e3 })
    const text = (await words.textContent()) ?? ''
    const [, right, wrong] = text.match(/: ([\d.]+) with .*, ([\d.]+) with the bug/)!
    assert.ok(Number(right) < 0.08, 'from 0.18')
    assert.ok(Number(wrong) > 0.18, text)
  }))

test('the two sides of the adjoint test are what the cells say, and a bug parts them', () =>
  visit('#/trust', async page => {
    const place = page.locator('.adjoint ~ .verdict')
    await place.filter({ hasText: 'as they must be' }).waitFor({ timeout: 60e3 })
    const cells = (name: string) =>
      page
        .locator('.adjoint figure')
        .filter({ has: page.locator('figcaption', { hasText: new RegExp(`^${name}$`) }) })
        .locator('td')
        .allTextContents()
    const dot = (a: string[], b: string[]) =>
      a.reduce((sum, v, i) => sum + Number(v) * Number(b[i]), 0)
    const sides = async () => [
      dot(await cells('A x'), await cells('y')),
      dot(await cells('x'), await cells('Aᵀ y')),
    ]
    const said = async () => ((await place.textContent()) ?? '').match(/-?\d+/g)!.map(Number)
    const equal = await sides()
    assert.is(equal[0], equal[1])
    assert.equal(await said(), equal)
    await page.getByLabel('a bug in the arrow').check()
    await place.filter({ hasText: 'not the transpose' }).waitFor()
    const parted = await sides()
    assert.is.not(parted[0], parted[1])
    assert.equal(await said(), parted)
  }))

test.run()
