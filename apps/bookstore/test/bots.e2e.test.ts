import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  LexRuntimeV2Client,
  RecognizeTextCommand,
  RecognizeUtteranceCommand,
} from '@aws-sdk/client-lex-runtime-v2'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isbn13 } from '../entities/isbn.ts'
import { ask, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'
import { chromiumPath, eventually, launch, visit } from './shop-browser.ts'

let slack: FakeApi
let shop: Shop
let admin: string
beforeAll(async () => {
  slack = await fakeApi()
  shop = await startShop({ env: { SLACK_API_URL: `${slack.url}/api/`, TWILIO_API_URL: slack.url } })
  admin = await signInAs(shop, 'admin')
})
afterAll(async () => {
  await shop?.[Symbol.asyncDispose]()
  slack?.server.close()
})

interface FakeApi {
  readonly server: Server
  readonly url: string
  readonly calls: { readonly path: string; readonly body: string }[]
}

/** The far side of a messenger: keeps what it is sent, and says yes. */
async function fakeApi(): Promise<FakeApi> {
  const calls: FakeApi['calls'] = []
  const server = createServer(async (request, response) => {
    calls.push({ path: request.url ?? '', body: await bodyOf(request) })
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        ok: true,
        ts: '1.1',
        channel: 'D1',
        messages: [],
        sid: 'SM1',
        status: 'queued',
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

const secret = (name: string): string =>
  JSON.parse(readFileSync(join(shop.data, 'secrets.json'), 'utf8'))[name]

const user = () => `user-${randomUUID().slice(0, 8)}`

/** As clients of Amazon Lex V1 ask. */
async function say(bot: string, who: string, inputText: string) {
  const response = await fetch(`${shop.url}/lex/bot/${bot}/alias/prod/user/${who}/text`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputText }),
  })
  return response.json()
}

const ordersInChat = async () => {
  const { data } = await ask(
    shop,
    '{ orders(where: { note: { startsWith: "Ordered in a chat" } }) { nodes { note lines { quantity book { title stock } } } } }',
    {},
    { cookie: admin },
  )
  return data.orders.nodes
}

const stockOf = async (title: string): Promise<number> => {
  const { data } = await ask(
    shop,
    'query ($title: String!) { books(where: { title: { eq: $title } }) { nodes { stock } } }',
    { title },
  )
  return data.books.nodes[0].stock
}

it('the conversation of the bot that sells books ends in an order of a real book', async () => {
  const ann = user()
  const before = await stockOf('Twilight')
  expect(await say('PurchaseBook', ann, 'I want to order some books')).toMatchObject({
    dialogState: 'ElicitSlot',
    slotToElicit: 'bookType',
    intentName: 'OrderBook',
  })
  expect((await say('PurchaseBook', ann, 'fantasy')).slotToElicit).toBe('bookName')
  const unknown = await say('PurchaseBook', ann, 'the unwritten book')
  expect(unknown.message).toMatch(/^We do not have book: the unwritten book/)
  expect(unknown).toMatchObject({ dialogState: 'ElicitSlot', slotToElicit: 'bookName' })
  expect(await say('PurchaseBook', ann, 'twilight')).toMatchObject({
    dialogState: 'ConfirmIntent',
    message: 'Are you sure you want to purchase book named Twilight?',
  })
  expect(await say('PurchaseBook', ann, 'yes')).toMatchObject({
    dialogState: 'Fulfilled',
    message: 'Thanks for purchasing book.',
  })
  const order = (await ordersInChat()).find(({ note }: { note: string }) => note.endsWith(ann))
  expect(order.lines).toMatchObject([
    { quantity: 1, book: { title: 'Twilight', stock: before - 1 } },
  ])
})

it('who says no, or asks for what is sold out, buys nothing', async () => {
  const bob = user()
  await say('PurchaseBook', bob, 'order a crime book')
  await say('PurchaseBook', bob, 'harry potter')
  expect(await say('PurchaseBook', bob, 'no')).toMatchObject({ dialogState: 'Failed' })
  expect((await ordersInChat()).some(({ note }: { note: string }) => note.endsWith(bob))).toBe(
    false,
  )
})

it('a book that is added is sold a second later, without training', async () => {
  const title = `The Keeper of ${randomUUID().slice(0, 6)}`
  const author = (await ask(shop, '{ authors(first: 1) { nodes { id } } }')).data.authors.nodes[0]
    .id
  const added = await ask(
    shop,
    'mutation ($data: BookCreateInput!) { createBook(data: $data) { id } }',
    {
      data: {
        title,
        author,
        isbn: isbn13('978000000077'),
        genre: 'fantasy',
        pages: 10,
        price: '5.00',
        stock: 1,
        publishedOn: '2026-01-01',
      },
    },
    { cookie: admin },
  )
  expect(added.errors).toBeUndefined()
  const eve = user()
  await eventually(
    async () => (await say('PurchaseBook', user(), `please order ${title}`)).slots.bookName,
  ).toBe(title)
  await say('PurchaseBook', eve, `please order ${title}`)
  await say('PurchaseBook', eve, 'fantasy')
  expect((await say('PurchaseBook', eve, 'yes')).message).toBe('Thanks for purchasing book.')
  expect(await stockOf(title)).toBe(0)
  expect((await say('PurchaseBook', eve, `please order ${title}`)).message).toMatch(
    /^No copy of .* is left/,
  )
})

it('Amazon’s own client speaks with the support bot, over HTTP/2 too', async () => {
  const client = new LexRuntimeV2Client({
    region: 'us-east-1',
    endpoint: `${shop.url}/lex`,
    credentials: { accessKeyId: 'anyone', secretAccessKey: 'anything' },
  })
  try {
    const place = { botId: 'Support', botAliasId: 'prod', localeId: 'en_US', sessionId: user() }
    const text = await client.send(
      new RecognizeTextCommand({ ...place, text: 'my phone is not turning on' }),
    )
    expect(text.sessionState?.intent).toMatchObject({
      name: 'DeviceFailure',
      slots: { device: { value: { interpretedValue: 'phone' } } },
    })
    expect(text.messages?.[0]?.content).toContain('phone')
    const utterance = await client.send(
      new RecognizeUtteranceCommand({
        ...place,
        requestContentType: 'text/plain; charset=utf-8',
        inputStream: new TextEncoder().encode('when are you open'),
      }),
    )
    expect(utterance.messages).toBeDefined()
  } finally {
    client.destroy()
  }
})

describe('messengers', () => {
  const event = (text: string, id: string) =>
    JSON.stringify({
      type: 'event_callback',
      team_id: 'T1',
      event_id: id,
      event: {
        type: 'message',
        channel_type: 'im',
        channel: 'D1',
        user: 'U1',
        text,
        ts: '1700000000.000100',
      },
    })
  const post = (body: string, key: string) => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const mac = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')
    return fetch(`${shop.url}/slack/receive`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${mac}`,
      },
      body,
    })
  }
  const posted = () => slack.calls.filter(({ path }) => path.endsWith('chat.postMessage'))

  it('one message on Slack that comes as five events is answered once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, at) =>
        post(event('my phone is not turning on', `Ev${at}`), secret('SLACK_SIGNING_SECRET')),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    await eventually(() => posted().length).toBe(1)
    expect(decodeURIComponent(posted()[0]?.body ?? '')).toContain('phone')
  })

  it('a request that Slack did not sign is refused', async () => {
    expect((await post(event('hello', 'EvX'), 'not the secret')).status).toBe(401)
    expect(posted()).toHaveLength(1)
  })
})

describe.skipIf(chromiumPath === null)('the chat in the shop’s pages', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  it('orders a book on the account of who is signed in, by keyboard', async () => {
    await using visitor = await visit(browser, shop)
    await visitor.signIn('reader')
    const { page } = visitor
    await page.goto('/')
    await page.locator('typestead-chat .launch').focus()
    await page.keyboard.press('Enter')
    for (const text of ['I want to order some books', 'fantasy', 'wings of fire', 'yes']) {
      const said = await page.locator('typestead-chat .one.bot').count()
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
      await eventually(() => page.locator('typestead-chat .one.bot').count()).toBe(said + 1)
    }
    expect(await page.locator('typestead-chat .one.bot').last().textContent()).toContain(
      'Thanks for purchasing book.',
    )
    await page.goto('/account')
    await eventually(() => page.locator('.order-card').first().textContent()).toBeTruthy()
    expect(visitor.complaints).toEqual([])
  })

  it('support answers on the page of help, apart from the shop’s chat', async () => {
    await using visitor = await visit(browser, shop)
    const { page } = visitor
    await page.goto('/help')
    await page.locator('typestead-chat[inline] textarea').fill('my tablet does not start any more')
    await page.keyboard.press('Enter')
    await eventually(() =>
      page.locator('typestead-chat[inline] .one.bot').last().textContent(),
    ).toContain('tablet')
    await page.goto('/')
    await page.locator('typestead-chat .launch').click()
    expect(await page.locator('typestead-chat .one').count()).toBe(0)
    expect(visitor.complaints).toEqual([])
  })
})
