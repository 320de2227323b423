/** One storage and its views: moved, transposed, copied, and the gradients that come back. */
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { leave, visit } from './page.js'

test.after(leave)

const values = (page: Page) => page.locator('.view .value').allInnerTexts()
const cell = (page: Page, position: number) => page.locator(`.storage [data-cell="${position}"]`)
const element = (page: Page, index: string) => page.locator(`.view [data-at="${index}"]`)

/** Does something, and waits until the address says so. */
async function changes(page: Page, address: string, act: () => Promise<unknown>): Promise<void> {
  await act()
  await page.waitForFunction(text => decodeURIComponent(location.hash).includes(text), address)
}

/** By keyboard: so many steps from where the slider is. */
async function slide(page: Page, label: string, steps: number): Promise<void> {
  await page.getByLabel(label).focus()
  for (let i = 0; i < Math.abs(steps); i++)
    await page.keyboard.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft')
}

test('strides say which cells the view reads', () =>
  visit('#/views', async page => {
    assert.equal(await values(page), [
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '12',
    ])
    await changes(page, 'strides=3,1', () => slide(page, 'stride: rows', -1))
    assert.equal(await values(page), ['1', '2', '3', '4', '4', '5', '6', '7', '7', '8', '9', '10'])
    await changes(page, 'shape=2,4', () => slide(page, 'size: rows', -1))
    await changes(page, 'offset=4', () => cell(page, 4).click())
    assert.equal(await values(page), ['5', '6', '7', '8', '8', '9', '10', '11'])
  }))

test('an element lights up its cell, and a cell its elements, also by keyboard', () =>
  visit('#/views?shape=2,3&strides=3,1&offset=0', async page => {
    await element(page, '0,2').focus()
    await page.keyboard.press('ArrowDown')
    assert.is(await page.locator('.words').innerText(), 'cell of [1, 2] = 0 + 1 · 3 + 2 · 1 = 5')
    assert.equal(await page.locator('.storage .lit').getAttribute('data-cell'), '5')
    await cell(page, 3).hover()
    assert.match(await page.locator('.words').innerText(), 'cell 3 is read by [1, 0]')
    assert.equal(await page.locator('.view .lit').getAttribute('data-at'), '1,0')
  }))

test('a view that reaches beyond the storage is refused by the engine', () =>
  visit('#/views?shape=3,4&strides=4,1&offset=0', async page => {
    await changes(page, 'offset=1', () => slide(page, 'offset', 1))
    const message = await page.locator('.message').innerText()
    assert.match(message, 'narrow: 12 elements from 1 along dim 0 of [12], which has 12')
    assert.is(await page.locator('.view .outside .position').innerText(), '[2,3]')
    assert.ok(await page.getByRole('button', { name: 'transpose()' }).isDisabled())
  }))

test('operations give views of the same cells where strides can say them, else copies', () =>
  visit('#/views', async page => {
    const click = (name: string) => page.getByRole('button', { name, exact: true }).click()
    await changes(page, 'shape=4,3&strides=1,4', () => click('transpose()'))
    assert.equal((await values(page)).slice(0, 6), ['1', '5', '9', '2', '6', '10'])
    await changes(page, 'do=reshape', () => click('reshape([…])'))
    assert.match(await page.locator('.result').innerText(), /a copy, in a storage of its own/)
    const copied = page.locator('.result .value')
    assert.equal((await copied.allInnerTexts()).slice(0, 4), ['1', '5', '9', '2'])
    await changes(page, 'shape=3,4&strides=4,1', () => click('transpose()'))
    await changes(page, 'shape=12&strides=1', () => click('reshape([…])'))
    assert.match(await page.locator('.result').innerText(), /a view of the same cells/)
    await changes(page, 'do=flip', () => click('flip(0)'))
    assert.match(await page.locator('.result').innerText(), /strides are never negative/)
  }))

test('a cell that is read n times receives n gradients', () =>
  visit('#/views?shape=2,3&strides=0,1&offset=0&gradient=1', async page => {
    // torch.arange(12.).as_strided((2, 3), (0, 1)).backward([[1, 2, 3], [4, 5, 6]]): 5 7 9 0 …
    const gradients = await page.locator('.storage .gradient').allTextContents()
    assert.equal(gradients.slice(0, 4), ['5', '7', '9', '0'])
    await cell(page, 1).focus()
    assert.is(
      await page.locator('.words').innerText(),
      'cell 1 is read by [0, 1], [1, 1]; its gradient is 2 + 5 = 7',
    )
    await page.getByLabel('Example').selectOption({ label: 'windows that overlap' })
    await page.waitForFunction(() => location.hash.includes('shape=4%2C3'))
    // as_strided((4, 3), (1, 1)) with the gradient 1 … 12, by PyTorch 1.13
    assert.equal((await page.locator('.storage .gradient').allTextContents()).slice(0, 6), [
      '1',
      '6',
      '15',
      '24',
      '20',
      '12',
    ])
  }))

test.run()
