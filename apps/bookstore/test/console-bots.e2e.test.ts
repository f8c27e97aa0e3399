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
    await page.getByText(/\w took over\.$/).waitFor()
    await page.getByText('Handed back to the bot.').waitFor()
    const { width = 0, height = 0 } = page.viewportSize() ?? {}
    await page.setViewportSize({ width: 390, height })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await page.setViewportSize({ width, height })
    expect(await chat.locator('.one.bot').count()).toBe(answers)
    const link = page.getByRole('link', { name: 'Save as a test' })
    const test = await fetch(`${shop.workbench}${await link.getAttribute('href')}`)
    expect(await test.text()).toContain('- user: fantasy')
  })

  it('who asks for a person is counted beside the panel, marked in the list and found by a filter', async () => {
    const say = (user: string, text: string) =>
      fetch(`${shop.workbench}/_typestead/bots/Support/turns`, {
        method: 'POST',
        body: JSON.stringify({ alias: 'prod', user, text }),
      })
    const away = await open('/operations')
    const page = await open('/conversations')
    const entry = (on: Page) => on.getByRole('navigation', { name: 'Panels' }).getByRole('link')
    const waiting = (on: Page, many: number) =>
      entry(on)
        .filter({ hasText: new RegExp(`^Conversations\\s*${many} waiting for a person$`) })
        .waitFor()
    await say('ann', 'hello')
    await page.getByRole('gridcell', { name: 'ann', exact: true }).waitFor()
    await say('bea', 'talk to a person')
    await waiting(away, 1)
    await say('cem', 'talk to a person')
    await waiting(away, 2)
    await waiting(page, 2)
    const marked = page.getByRole('gridcell', { name: 'asks for a person' })
    await expect.poll(() => marked.count()).toBe(2)
    await page.getByRole('checkbox', { name: 'Asks for a person' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('gridcell', { name: 'ann', exact: true }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('asks')).toBe('true')
    expect(await violations(page)).toEqual([])
    await page.getByRole('gridcell', { name: 'bea', exact: true }).click()
    await page.getByText('This user waits for a person').waitFor()
    await page.getByRole('button', { name: 'Take over' }).click()
    await waiting(away, 1)
    // What was opened stays, though it does not fit the filter any more.
    await page.getByText('The bot is silent; you answer.').waitFor()
    await page.getByRole('gridcell', { name: 'cem', exact: true }).click()
    await page.getByRole('button', { name: 'Take over' }).click()
    await page.getByText('Nobody waits for a person').waitFor()
    await entry(away)
      .filter({ hasText: /^Conversations/ })
      .locator('.badge')
      .waitFor({ state: 'hidden' })
  })

  it('who wants to be forgotten is, once that is confirmed', async () => {
    const page = await open('/conversations')
    const turn = (text: string) =>
      fetch(`${shop.workbench}/_typestead/bots/Support/turns`, {
        method: 'POST',
        body: JSON.stringify({ alias: 'prod', user: 'dora', text }),
      })
    await turn('my name is dora the quiet')
    const row = page.getByRole('gridcell', { name: 'dora', exact: true })
    await row.click()
    await page.getByRole('button', { name: 'Forget this person…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Forget this person' })
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await page.locator('.transcript').getByText('dora the quiet').first().waitFor()
    await page.getByRole('button', { name: 'Forget this person…' }).click()
    await dialog.getByRole('button', { name: 'Forget', exact: true }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByText('dora the quiet').first().waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('open')).toBeNull()
    const left = await fetch(`${shop.workbench}/_typestead/conversations?search=dora`)
    expect(await left.json()).toMatchObject({ conversations: [] })
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

  it('what is typed stays while others change the same intent, until one chooses', async () => {
    const bots = `${shop.workbench}/_typestead/bots/Editing`
    const build = async (model: object) => {
      const { status } = await fetch(bots, { method: 'PUT', body: JSON.stringify({ model }) })
      expect(status).toBe(200)
    }
    const of = (greeting: string, more = {}) => ({
      name: 'Editing',
      intents: {
        Greet: { utterances: ['hello there', greeting], closing: 'Hello.' },
        Part: { utterances: ['goodbye', 'see you'], closing: 'Bye.' },
        ...more,
      },
      clarification: { prompt: 'Sorry?' },
    })
    await build(of('good day'))
    const page = await open('/bots/Editing?intent=Greet')
    const words = page.getByLabel(/^Utterances/)
    const note = page.getByText(/changed elsewhere while you typed/)
    await expect.poll(() => words.inputValue()).toBe('hello there\ngood day')
    await build(of('good evening'))
    await expect.poll(() => words.inputValue()).toBe('hello there\ngood evening')
    await words.fill('hello there\nhi')
    await words.focus()
    // Another intent is no matter of this form.
    await build(of('good evening', { More: { utterances: ['tell me more'], closing: 'No.' } }))
    await page.getByRole('button', { name: /^More/ }).waitFor()
    expect(await words.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await note.count()).toBe(0)
    await build(of('good night'))
    await note.waitFor()
    expect(await words.inputValue()).toBe('hello there\nhi')
    expect(await page.getByRole('button', { name: 'Build the draft' }).isDisabled()).toBe(true)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Build the draft' }).click()
    await page.getByText('The draft was built.').waitFor()
    await words.fill('hello there\nhey')
    await build(of('good morning'))
    await page.getByRole('button', { name: 'Take theirs' }).click()
    await expect.poll(() => words.inputValue()).toBe('hello there\ngood morning')
    await note.waitFor({ state: 'detached' })
    // Before the page was told of it: the save itself finds it.
    let isFirst = true
    await page.route('**/_typestead/bots/Editing', async (route) => {
      if (isFirst && route.request().method() === 'PUT') {
        isFirst = false
        await build(of('good afternoon'))
      }
      await route.continue()
    })
    await words.fill('hello there\nahoy')
    await page.getByRole('button', { name: 'Build the draft' }).click()
    await note.waitFor()
    expect(await words.inputValue()).toBe('hello there\nahoy')
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Build the draft' }).click()
    await page.getByText('The draft was built.').waitFor()
    const { model } = (await (await fetch(bots)).json()) as {
      readonly model: {
        readonly locales: { readonly en_US: { readonly intents: readonly object[] } }
      }
    }
    expect(model.locales.en_US.intents[0]).toMatchObject({ utterances: ['hello there', 'ahoy'] })
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
      '/conversations?asks=true',
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
