/** The widget in a real browser: by keyboard, offline and back, light and dark, judged by axe-core; its size. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findTool } from '../../../../../scripts/tools.ts'
import { answerTo, type BotDouble, botDouble } from '../../../test/fakes/bot-double.ts'
import { type ChatServer, serveChat } from '../../../test/fakes/chat-page.ts'
import { webChat } from './web-chat.ts'

const executablePath = findTool('chromium')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where to keep pictures of the widget; none are made without it. */
const pictures = process.env.TYPESTEAD_PICTURES

const shell = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>shop</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body style="color-scheme: light dark"><main><h1>Shop</h1></main>
<script type="module" src="/chat/widget.js"></script><typestead-chat heading="Bookstore"></typestead-chat></body></html>`

test('it is one script below 8 KB', async () => {
  const adapter = webChat({ secret: 'w' })
  const route = adapter.routes['/chat/widget.js']
  const answer = await route?.(new Request('http://app/chat/widget.js'))
  const code = (await answer?.text()) ?? ''
  expect(code).not.toMatch(/^\s*(import|export)\b/m)
  const bytes = gzipSync(code, { level: 9 }).length
  console.info(`widget.js: ${bytes} bytes gzip`)
  expect(bytes).toBeLessThan(8_192)
  const etag = answer?.headers.get('etag') ?? ''
  const again = await route?.(
    new Request('http://app/chat/widget.js', { headers: { 'if-none-match': etag } }),
  )
  expect(again?.status).toBe(304)
})

describe.skipIf(executablePath === null)('in Chromium', () => {
  let browser: Browser
  let server: ChatServer
  let bot: BotDouble
  let runs = 0
  let adapter: ReturnType<typeof webChat>

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    })
    await start()
  })
  afterAll(async () => {
    await browser?.close()
    await stop()
  })
  const contexts: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })

  async function start(port = 0): Promise<void> {
    adapter = webChat({ secret: 'w', patience: 2_000, limits: { burst: 100 }, onError: () => {} })
    bot = botDouble(adapter, { name: `run-${++runs}` })
    server = await serveChat(adapter, shell, port)
  }

  async function stop(): Promise<void> {
    await adapter.close?.()
    await server[Symbol.asyncDispose]()
  }

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 900, height: 700 },
      bypassCSP: true,
      ...options,
    })
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => expect.unreachable(error.message))
    await page.goto(server.url)
    return page
  }

  const log = (page: Page) => page.getByRole('log')
  const texts = (page: Page) => page.locator('typestead-chat .one p').allTextContents()

  async function begin(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Chat' }).click()
    await page.getByRole('status').filter({ hasText: /^$/ }).waitFor({ state: 'attached' })
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByLabel('Write a message').fill(text)
    await page.keyboard.press('Enter')
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    return page.evaluate(async () => {
      // Put there by the script before.
      const { axe } = window as unknown as {
        axe: {
          run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>
        }
      }
      return (await axe.run()).violations.map(
        ({ id, help, nodes }) => `${id}: ${help} ${nodes[0]?.html}`,
      )
    })
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`nothing that axe-core finds: empty, talking, a card; ${colorScheme}`, async () => {
      const page = await open({ colorScheme })
      await begin(page)
      expect(await violations(page)).toEqual([])
      if (pictures) await page.screenshot({ path: join(pictures, `chat-empty-${colorScheme}.png`) })
      await say(page, 'hello')
      await say(page, 'order')
      await page.getByRole('button', { name: 'Fiction' }).click()
      await log(page).getByText('3: you said “fiction”').waitFor()
      expect(await violations(page)).toEqual([])
      if (pictures) await page.screenshot({ path: join(pictures, `chat-${colorScheme}.png`) })
    })
  }

  test('by keyboard alone: open, write, break a line, close', async () => {
    const page = await open()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.type('first')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('second')
    await page.keyboard.press('Enter')
    await log(page).getByText('you said “first').waitFor()
    expect(bot.taken.at(-1)?.text).toBe('first\nsecond')
    await page.keyboard.press('Escape')
    const focused = await page.evaluate(
      () => document.querySelector('typestead-chat')?.shadowRoot?.activeElement?.textContent,
    )
    expect(focused).toBe('Chat')
  })

  test('what is said is text, never markup', async () => {
    const page = await open()
    await begin(page)
    await say(page, '<img src=x onerror="document.title=1">')
    await log(page).getByText('1: you said').waitFor()
    expect(await page.locator('typestead-chat img').count()).toBe(0)
    expect(await page.title()).toBe('shop')
  })

  test('offline: what is written is kept over a reload, sent once, and answered once', async () => {
    const page = await open()
    await begin(page)
    await say(page, 'hello')
    await log(page).getByText('1: you said').waitFor()
    const before = bot.taken.length
    const port = Number(new URL(server.url).port)
    await stop()
    await page.getByText('Offline. We try again').waitFor()
    await say(page, 'are you there?')
    await log(page).getByText('Sending…').waitFor()
    if (pictures) await page.screenshot({ path: join(pictures, 'chat-offline.png') })
    expect(before).toBeGreaterThan(0)
    await start(port)
    await log(page).getByText('1: you said “are you there?”').waitFor()
    expect(bot.taken.map(({ text }) => text)).toEqual(['are you there?'])
    expect(await log(page).getByText('Sending…').count()).toBe(0)
    await page.reload()
    await log(page).getByText('1: you said “are you there?”').waitFor()
    expect(await texts(page)).toEqual(['are you there?', ...answerTo('are you there?', 1).texts])
  })

  test('what was written but not sent survives a reload of the page', async () => {
    const page = await open()
    await begin(page)
    // A socket that opens and is never answered.
    await page.evaluate(() => {
      WebSocket.prototype.send = () => {}
    })
    await say(page, 'keep this')
    await page.reload()
    await log(page).getByText('you said “keep this”').waitFor()
    expect((await texts(page)).filter((one) => one === 'keep this')).toHaveLength(1)
  })

  test('who reads above stays there when something comes', async () => {
    const page = await open()
    await begin(page)
    for (let n = 0; n < 14; n++) await say(page, `line ${n}`)
    await log(page).getByText('14: you said').waitFor()
    await log(page).evaluate((element) => {
      element.scrollTop = 0
    })
    const conversation = bot.taken.at(-1)?.conversation ?? ''
    const pushed = adapter.deliver(
      {
        id: 'pushed',
        channel: 'chat',
        conversation,
        user: conversation,
        messages: [{ contentType: 'PlainText', content: 'news' }],
        card: null,
        turn: null,
        attributes: {},
        from: 'person',
        committedAt: 0,
      },
      0,
      AbortSignal.timeout(5_000),
    )
    await page.getByRole('button', { name: 'New messages' }).waitFor()
    await pushed
    expect(await log(page).evaluate(({ scrollTop }) => scrollTop)).toBe(0)
    await page.getByRole('button', { name: 'New messages' }).click()
    await page.getByRole('button', { name: 'New messages' }).waitFor({ state: 'hidden' })
  })

  test('two tabs show the same conversation', async () => {
    const page = await open()
    await begin(page)
    const second = await page.context().newPage()
    await second.goto(server.url)
    await begin(second)
    await say(page, 'hello')
    await log(second).getByText('you said “hello”').waitFor()
    expect(await texts(second)).toEqual(await texts(page))
  })

  test('on a telephone it fills the screen', async () => {
    const page = await open({ viewport: { width: 360, height: 640 } })
    await begin(page)
    await say(page, `a long word ${'x'.repeat(200)}`)
    await log(page).getByText('1: you said').waitFor()
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(overflow).toBe(false)
    if (pictures) await page.screenshot({ path: join(pictures, 'chat-telephone.png') })
  })
})
