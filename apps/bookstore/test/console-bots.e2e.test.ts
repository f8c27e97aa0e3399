import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Shop, startShop } from './shop.ts'
import {
  chromiumPath,
  launch,
  type VisitOptions,
  type Visitor,
  violations,
  visit,
} from './shop-browser.ts'

describe.skipIf(chromiumPath === null)('the console’s pages of bots', () => {
  let shop: Shop
  let browser: Browser
  const visitors: Visitor[] = []
  beforeAll(async () => {
    shop = await startShop()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.[Symbol.asyncDispose]()
  })

  const open = async (
    path: string,
    colorScheme: NonNullable<VisitOptions['colorScheme']> = 'light',
  ): Promise<Page> => {
    const visitor = await visit(browser, shop, { colorScheme })
    // A draft that is wrong is refused, which the browser's log also tells.
    visitor.expectOutage()
    visitors.push(visitor)
    await visitor.page.goto(path.startsWith('/shop') ? '/' : `${shop.workbench}${path}`)
    await visitor.page.locator('h1').first().waitFor()
    return visitor.page
  }

  it('a conversation shows as it goes; a person takes over, speaks, hands back', async () => {
    const page = await open('/conversations')
    await page.getByText('Nobody has spoken to a bot yet').waitFor()
    const visitor = await open('/shop')
    const chat = visitor.locator('typestead-chat')
    await chat.locator('.launch').click()
    const say = async (text: string) => {
      await chat.locator('textarea').fill(text)
      await visitor.keyboard.press('Enter')
    }
    await say('I want to order some books')
    await page.getByText('I want to order some books').first().click()
    await page.getByText('What type of book do you want to buy?').waitFor()
    await say('fantasy')
    await page.getByText('Which book do you want to buy?').waitFor()
    await page
      .getByText(/OrderBook 1\.00 · ElicitSlot/)
      .last()
      .click()
    await page.getByText('bookType = fantasy').waitFor()
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('2 turns gave the same again.').waitFor()
    await page.getByRole('button', { name: 'Take over' }).click()
    await page.getByLabel('Your words').fill('A person here. How can I help?')
    await page.keyboard.press('Enter')
    await page.locator('.said.person').waitFor()
    await chat.getByText('A person here. How can I help?').waitFor()
    const answers = await chat.locator('.one.bot').count()
    await say('thank you')
    await page.getByText('thank you').first().waitFor()
    await page.getByRole('button', { name: 'Hand back to the bot' }).click()
    await page.getByText('The bot answers again.').waitFor()
    expect(await chat.locator('.one.bot').count()).toBe(answers)
    const link = page.getByRole('link', { name: 'Save as a test' })
    const test = await fetch(`${shop.workbench}${await link.getAttribute('href')}`)
    expect(await test.text()).toContain('- user: fantasy')
  })

  it('a bot is made, changed, tried and published', async () => {
    const page = await open('/bots')
    await page.getByLabel('Name').fill('Greeter')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('heading', { name: 'Greeter' }).waitFor()
    await page.getByLabel(/^Utterances/).fill('hello\ngood day')
    await page.getByRole('button', { name: 'Add a slot' }).click()
    const slot = page.locator('fieldset.slot')
    await slot.getByLabel('Name').fill('city')
    await slot.getByLabel('Type').fill('AMAZON.Nonsense')
    await slot.getByLabel('Prompt').fill('Where are you?')
    await page.getByRole('button', { name: 'Build the draft' }).click()
    await page
      .getByText(/AMAZON\.Nonsense/)
      .last()
      .waitFor()
    await slot.getByLabel('Type').fill('AMAZON.City')
    await page.getByRole('button', { name: 'Build the draft' }).click()
    await page.getByText('The draft was built.').waitFor()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByLabel('Say something').fill('good day')
    await page.keyboard.press('Enter')
    await page.getByText('Where are you?').waitFor()
    await page.getByRole('button', { name: 'Versions' }).click()
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Version 1 is published.').waitFor()
    await page.getByRole('button', { name: 'Picture' }).click()
    const picture = page.getByRole('img')
    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(100)
  })

  it('a bot of the code that was published here says so, and goes back to the code’s version', async () => {
    const bots = `${shop.workbench}/_typestead/bots/Support`
    const { model } = (await (await fetch(bots)).json()) as { readonly model: object }
    const body = JSON.stringify({ model: { ...model, description: 'made here' } })
    await fetch(bots, { method: 'PUT', body })
    const page = await open('/bots/Support?view=versions')
    await page.getByText('prod serves version').waitFor()
    const choice = page.locator('.aliases select')
    await choice.focus()
    // From elsewhere: the page follows, and the choice keeps the focus.
    await fetch(`${bots}/publish`, { method: 'POST', body: '{"alias":"prod"}' })
    await page.getByText(/The app's code defines version 1; this one was chosen here/).waitFor()
    expect(await choice.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await choice.inputValue()).toBe('2')
    await page.getByRole('button', { name: 'Serve version 1 again' }).click()
    await page.getByText('prod points to version 1.').waitFor()
    await expect.poll(() => choice.inputValue()).toBe('1')
    await page.getByText(/this one was chosen here/).waitFor({ state: 'detached' })
  })

  it('the journal shows its queues and who works', async () => {
    const page = await open('/journal')
    await page.getByRole('heading', { name: 'Processes' }).waitFor()
    await page.getByText(new RegExp(`^${shop.pid} on `)).waitFor()
    await page.getByRole('link', { name: 'Dead letters' }).first().click()
    await page.getByText('Nothing was given up').waitFor()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it.each([
      '/conversations',
      '/bots',
      '/bots/PurchaseBook',
      '/bots/PurchaseBook?view=picture',
      '/bots/PurchaseBook?view=versions',
      '/bots/PurchaseBook?view=chat',
      '/journal',
      '/journal/work',
      '/journal/dead',
    ])(`axe finds nothing in ${colorScheme} on %s`, async (path) => {
      const page = await open(path, colorScheme)
      await page.locator('.loading').first().waitFor({ state: 'detached' })
      expect(await violations(page)).toEqual([])
      await page.context().close()
    })
  }

  it('no page complains', () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
