import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isbn13 } from '../entities/isbn.ts'
import { ask, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'

let shop: Shop
let cookie: string
let token: string
beforeAll(async () => {
  shop = await startShop()
  cookie = await signInAs(shop, 'admin')
  const secrets = readFileSync(join(shop.data, 'secrets.json'), 'utf8')
  token = JSON.parse(secrets).TYPESTEAD_NLU_TOKEN
})
afterAll(() => shop?.[Symbol.asyncDispose]())

interface Understood {
  readonly intent: { readonly name: string }
  readonly entities: readonly { readonly entity: string; readonly value: unknown }[]
}

/** As clients of Rasa 0.x ask: a body without a Content-Type. */
function parse(project: string, q: string): Promise<Understood> {
  return new Promise((resolve, reject) => {
    request(`${shop.url}/nlu/parse?token=${token}`, { method: 'POST' }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
      })
      response.on('end', () => resolve(JSON.parse(text)))
    })
      .on('error', reject)
      .end(JSON.stringify({ q, project }))
  })
}

const values = ({ entities }: Understood, name: string) =>
  entities.filter(({ entity }) => entity === name).map(({ value }) => value)

it('the support model understands what its data does not say word for word', async () => {
  const phone = await parse('support', 'my phone is not turning on')
  expect(phone.intent.name).toBe('device_failure')
  expect(values(phone, 'device')).toEqual(['phone'])
  const internet = await parse('support', "My internet isn't working since morning")
  expect(internet.intent.name).toBe('service_interruption')
  expect(values(internet, 'service')).toEqual(['internet'])
})

it('a client of Rasa 3.x is answered too', async () => {
  const response = await fetch(`${shop.url}/nlu/model/parse`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'hello', message_id: '7' }),
  })
  expect(await response.json()).toMatchObject({
    text: 'hello',
    message_id: '7',
    intent: { name: 'greet' },
    entities: [],
  })
  const status = await fetch(`${shop.url}/nlu/status?token=${token}`)
  expect(await status.json()).toMatchObject({
    available_projects: { support: { status: 'ready' }, shop: { status: 'ready' } },
  })
})

it('nobody is answered without the token, which no log holds', async () => {
  expect((await fetch(`${shop.url}/nlu/parse?q=hi`)).status).toBe(401)
  expect(shop.output()).not.toContain(token)
})

const asAdmin = async (query: string, variables: object = {}) => {
  const { data, errors } = await ask(shop, query, { ...variables }, { cookie })
  expect(errors).toBeUndefined()
  return data
}

it('a title is understood as soon as its book is in the catalogue, until it is renamed or gone', async () => {
  const title = 'The Glass Orchard of Wren'
  const titles = async () =>
    values(await parse('shop', `please order ${title.toLowerCase()}`), 'bookName')
  expect(await titles()).not.toEqual([title])
  const { authors } = await asAdmin('{ authors(first: 1) { nodes { id } } }')
  const { createBook } = await asAdmin(
    `mutation ($data: BookCreateInput!) { createBook(data: $data) { id version } }`,
    {
      data: {
        title,
        isbn: isbn13('978000000001'),
        genre: 'fantasy',
        pages: 300,
        price: '12.00',
        publishedOn: '2026-01-01',
        author: authors.nodes[0].id,
      },
    },
  )
  await expect.poll(titles).toEqual([title])
  await asAdmin(
    'mutation ($id: ID!) { updateBook(id: $id, data: { title: "Something Else" }) { id } }',
    { id: createBook.id },
  )
  await expect.poll(titles).not.toEqual([title])
  await asAdmin('mutation ($id: ID!) { deleteBook(id: $id) { id } }', { id: createBook.id })
  await expect
    .poll(async () => values(await parse('shop', 'order something else'), 'bookName'))
    .not.toEqual(['Something Else'])
})
