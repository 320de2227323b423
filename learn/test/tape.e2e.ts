/** The tape: typed, recorded, walked back, and walked in a wrong order. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { presets } from '../scenes/tape/presets.js'
import { leave, visit } from './page.js'

test.after(leave)

/** Gradients of the presets' leaves, computed by PyTorch 1.13 in float32. */
const torch: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  'a line': { w: [2], b: [1] },
  'two paths': { x: [7] },
  'a result used twice': { x: [16] },
  'a quotient': { a: [2.070737], b: [-6] },
  'a neuron': { w: [0.9400148, 0.4700074, -0.2350037], b: [0.9400148] },
  broadcasting: { X: [1, 2, 3, 4, 5, 6], b: [5, 7, 9] },
  'a matrix product': { A: [1, 2, -1, 3, 4, -1], B: [13, 18, 17, 24, 21, 30] },
  'a line through points': { w: [-5.25], b: [-3] },
  'a network 2-3-1': {
    W1: [-0.7096829, -1.766305, 0.2010023, 1.36182, -0.3178491, -0.8461603],
    b1: [-1.766305, 1.36182, -0.8461603],
    W2: [0.397754, -0.9105009, -0.2280812],
    b2: [-1.951696],
  },
}

const box = (page: Page, name: string) => page.locator(`svg.tape [data-name="${name}"]`)

/** The numbers that stand in a box as its gradient. */
async function gradient(page: Page, name: string): Promise<number[]> {
  const rows = await box(page, name).locator('.gradient').allTextContents()
  return rows.join(' ').trim().split(/\s+/).map(Number)
}

async function hasGradients(page: Page, expected: Readonly<Record<string, readonly number[]>>) {
  for (const [name, values] of Object.entries(expected)) {
    const found = await gradient(page, name)
    assert.is(found.length, values.length, name)
    // four digits are shown
    for (const [i, value] of values.entries())
      assert.ok(Math.abs(found[i] - value) <= 6e-4 * Math.abs(value), `d${name}: ${found}`)
  }
}

const disabled = async (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).isDisabled()

async function stepToTheEnd(page: Page): Promise<void> {
  for (let steps = 0; steps < 40 && !(await disabled(page, 'Next')); steps++) {
    const before = await page.locator('output').innerText()
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    await page.waitForFunction(
      text => document.querySelector('output')?.textContent !== text,
      before,
    )
  }
}

/** Waits until the drawing has a box of this name. */
const drawn = (page: Page, name: string) => box(page, name).waitFor({ state: 'attached' })

test('stepping to the end of every example gives the gradients of PyTorch', () =>
  visit('#/tape', async page => {
    for (const { title, expression } of presets) {
      assert.ok(torch[title], `${title} has gradients to compare with`)
      await page.getByLabel('Example').selectOption(expression)
      await page.waitForFunction(
        text =>
          new URLSearchParams(location.hash.split('?')[1]).get('e') === text &&
          document.querySelector('output')?.textContent?.startsWith('recorded'),
        expression,
      )
      await stepToTheEnd(page)
      await hasGradients(page, torch[title])
    }
  }))

test('a typed expression is recorded; its equation stands there with numbers', () =>
  visit('#/tape', async page => {
    await page.getByLabel('Expression').fill('sum(exp(u*v) / u)')
    await drawn(page, 'u')
    await page.getByLabel('Values of u').fill('[1, 2]')
    await page.getByLabel('Values of v').fill('[0.5, -1]')
    await box(page, 'v').locator('.value', { hasText: '0.5' }).waitFor({ state: 'attached' })
    await stepToTheEnd(page)
    // PyTorch: (exp(u * v) / u).sum().backward()
    await hasGradients(page, { u: [-0.8243606, -0.1015015], v: [1.648721, 0.1353353] })
    const panel = await page.locator('.panel').innerText()
    assert.match(panel, 'Back through %1 = mul(u, v)')
    assert.match(panel, /da = dy b/)
    assert.match(panel, /du₁ \+ du₂ =/)
  }))

test('where two paths meet, the sum is shown, and the line that adds is marked', () =>
  visit('#/tape?e=x*x+%2B+x&at=5', async page => {
    await page.locator('.panel').getByText('dx₁ + dx₂ + dx₃').waitFor()
    const words = (await page.locator('.panel').innerText()).replace(/\s+/g, ' ')
    assert.match(words, 'da = dy b = 1 · 3 = 3')
    assert.match(words, 'dx₁ + dx₂ + dx₃ = 1 + 3 + 3 = 7')
    await page.locator('.source').scrollIntoViewIfNeeded()
    await page.locator('.source .marked', { hasText: 'add(before, dx)' }).waitFor()
  }))

test('an error stands under the expression, at its place', () =>
  visit('#/tape', async page => {
    const says = async (text: string, words: RegExp) => {
      await page.getByLabel('Expression').fill(text)
      await page.locator('.message', { hasText: words }).waitFor()
    }
    await says('w * + b', /a name, a number or \( must stand here/)
    assert.is(await page.locator('.message mark').innerText(), '+')
    await says('tan(x)', /there is no function tan/)
    await says('tanh(x', /a \) must stand here/)
    await page.getByLabel('Expression').fill('matmul(x, y)')
    await page.getByLabel('Values of x').fill('[[1, 2, 3]]')
    await page.locator('.message', { hasText: 'matmul: A is [1, 3]' }).waitFor()
    await page.getByLabel('Values of y').fill('[1, two]')
    await page.locator('.leaf-field .wrong', { hasText: 'Write a number' }).waitFor()
  }))

test('a wrong order gives a wrong number, and the page says why', () =>
  visit('#/tape?e=a+%3D+x*x%3B+a*x+%2B+a&order=', async page => {
    const click = async (name: string, visited: number) => {
      await box(page, name).click()
      await page
        .locator('.visits li')
        .nth(visited - 1)
        .waitFor()
    }
    await click('%3', 1)
    await click('%1', 2) // before %2, which used it
    await click('%2', 3)
    const verdict = page.locator('.order-verdict')
    await verdict.getByText('✗ dx = 8; it must be 16.').waitFor()
    assert.match(await verdict.innerText(), 'a was visited when 1 of its 2 gradients had arrived')
    await page.getByRole('button', { name: 'Begin again' }).click()
    // by keyboard, newest first
    for (const [i, name] of ['%3', '%2', '%1'].entries()) {
      await box(page, name).focus()
      await page.keyboard.press('Enter')
      await page.locator('.visits li').nth(i).waitFor()
    }
    await verdict.getByText('✓ All gradients are right').waitFor()
  }))

test('the address holds the expression, the values, the step and the order', () =>
  visit('#/tape?e=p*q&v=p%3D4%3Bq!%3D0.5&at=3', async page => {
    assert.is(await page.getByLabel('Values of p').inputValue(), '4')
    assert.equal(await gradient(page, 'p'), [0.5])
    assert.is(await box(page, 'q').locator('.gradient').count(), 0, 'no gradient is wanted')
    await page.locator('input[type=range]').focus()
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(() => location.hash.includes('at=2'))
    await page.getByLabel('Values of p').fill('-3')
    await page.waitForFunction(() => location.hash.includes('p%3D-3'))
    assert.is(await box(page, '%1').locator('.value').textContent(), '-1.5')
  }))

test('the tape plays, and nothing else moves', () =>
  visit('#/tape?e=w*x+%2B+b&at=0', async page => {
    const places = () =>
      Promise.all(['svg.tape', '.panel', '.source'].map(one => page.locator(one).boundingBox()))
    const before = await places()
    await page.getByRole('button', { name: 'Play' }).click()
    await page.locator('output', { hasText: 'back 2 of 2' }).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await hasGradients(page, torch['a line'])
    assert.equal(await places(), before)
  }))

test.run()
