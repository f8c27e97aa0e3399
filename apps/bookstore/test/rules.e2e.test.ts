import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, demoPassword, problem, signIn, signInAs } from './ask.ts'
import { type Shop, startShop } from './shop.ts'

let shop: Shop
let admin: string
let reader: string
/** Someone else with an account, and an order of theirs. */
let other: { readonly id: string; readonly cookie: string; readonly order: string }

beforeAll(async () => {
  shop = await startShop()
  admin = await signInAs(shop, 'admin')
  reader = await signInAs(shop, 'reader')
  other = await someoneWithAnOrder()
})
afterAll(() => shop[Symbol.asyncDispose]())

describe('signing in', () => {
  it('gives a cookie that scripts cannot read, for thirty days, and no token in the answer', async () => {
    const response = await signInResponse('reader@bookstore.example', demoPassword(shop, 'reader'))
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(response.status).toBe(201)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/)
    expect(cookie).toMatch(/; Max-Age=2592000/)
    const token = /=([^;]+)/.exec(cookie)?.[1] ?? ''
    expect(await response.text()).not.toContain(token)
  })

  it('takes the login in any case, and tells nothing of what was wrong', async () => {
    const password = demoPassword(shop, 'reader')
    expect((await signInResponse(' Reader@BOOKSTORE.example ', password)).status).toBe(201)
    const wrong = await signInResponse('reader@bookstore.example', 'wrong password')
    const unknown = await signInResponse('nobody@bookstore.example', 'wrong password')
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const [one, two] = [await wrong.json(), await unknown.json()]
    expect({ ...one.error, requestId: '' }).toEqual({ ...two.error, requestId: '' })
  })

  it('is closed for seeded users, whatever is tried', async () => {
    const { data } = await ask(shop, '{ users(first: 3) { nodes { email } } }')
    for (const { email } of data.users.nodes.slice(0, 1)) {
      const response = await signInResponse(email, 'no password: sign-in is closed')
      expect(response.status).toBe(401)
    }
  })

  it('says who is signed in, until signing out', async () => {
    const cookie = await signInAs(shop, 'reader')
    const me = '{ me { email role orders { id } } }'
    const { data } = await ask(shop, me, {}, { cookie })
    expect(data.me).toMatchObject({ email: 'reader@bookstore.example', role: 'reader' })
    expect(data.me.orders.length).toBeGreaterThan(5)
    const out = await fetch(`${shop.url}/sessions`, {
      method: 'DELETE',
      headers: { cookie, origin: shop.url },
    })
    expect(out.status).toBe(204)
    expect((await ask(shop, me, {}, { cookie })).data).toEqual({ me: null })
    expect((await ask(shop, me)).data).toEqual({ me: null })
  })

  it('lets a request with a cookie change things only from our own pages', async () => {
    const mutation = 'mutation { createPost(title: "x", body: "y", accountsUserId: "1") { id } }'
    for (const origin of ['http://evil.example', 'null', shop.url.replace('127', '128')]) {
      const answer = await ask(shop, mutation, {}, { cookie: reader, headers: { origin } })
      expect(answer.status).toBe(403)
    }
    const without = await fetch(shop.api, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: reader },
      body: JSON.stringify({ query: mutation }),
    })
    expect(without.status).toBe(403)
  })
})

describe('roles', () => {
  const createUser = 'mutation ($data: UserCreateInput!) { createUser(data: $data) { id } }'
  const updateUser =
    'mutation ($id: ID!, $data: UserUpdateInput!) { updateUser(id: $id, data: $data) { id role } }'
  const data = { firstName: 'Max', password: 'long enough' }

  it('are given by admins only', async () => {
    for (const caller of [{}, { cookie: reader }]) {
      const asAdmin = { ...data, email: 'max@example.com', role: 'admin' }
      const made = await ask(shop, createUser, { data: asAdmin }, caller)
      expect(problem(made)[1]).toBe('FORBIDDEN')
    }
    const me = (await ask(shop, '{ me { id } }', {}, { cookie: reader })).data.me.id
    const raised = { id: me, data: { role: 'admin' } }
    expect(problem(await ask(shop, updateUser, raised, { cookie: reader }))[1]).toBe('FORBIDDEN')
    const byAdmin = { data: { ...data, email: 'chief@example.com', role: 'admin' } }
    const made = await ask(shop, createUser, byAdmin, { cookie: admin })
    const demoted = { id: made.data.createUser.id, data: { role: 'reader' } }
    const updated = await ask(shop, updateUser, demoted, { cookie: admin })
    expect(updated.data.updateUser.role).toBe('reader')
  })

  it('are seen by admins and the user, and filtered by nobody', async () => {
    const role = 'query ($id: ID!) { User(id: $id) { role } }'
    const { id } = other
    const seen = await Promise.all(
      [{}, { cookie: reader }, { cookie: other.cookie }, { cookie: admin }].map((caller) =>
        ask(shop, role, { id }, caller),
      ),
    )
    expect(seen.map((one) => one.data.User.role)).toEqual([null, null, 'reader', 'reader'])
    const filtered = await ask(shop, '{ users(where: { role: { eq: "admin" } }) { totalCount } }')
    expect(filtered.errors).toHaveLength(1)
  })

  it('let users change their own account, not that of others', async () => {
    const change = { id: other.id, data: { firstName: 'Mallory' } }
    for (const caller of [{}, { cookie: reader }]) {
      expect(problem(await ask(shop, updateUser, change, caller))[1]).toBe('FORBIDDEN')
    }
    const own = { id: other.id, data: { firstName: 'Olga' } }
    const changed = await ask(shop, updateUser, own, { cookie: other.cookie })
    expect(changed.data.updateUser.id).toBe(other.id)
  })

  it('leave the catalogue to admins', async () => {
    const rename = 'mutation ($id: ID!) { updateBook(id: $id, data: { title: "Mine" }) { title } }'
    const { id } = (await ask(shop, '{ books(first: 1) { nodes { id } } }')).data.books.nodes[0]
    for (const caller of [{}, { cookie: reader }]) {
      expect(problem(await ask(shop, rename, { id }, caller))[1]).toBe('FORBIDDEN')
    }
    const renamed = await ask(shop, rename, { id }, { cookie: admin })
    expect(renamed.data.updateBook).toEqual({ title: 'Mine' })
  })

  it('let readers review a book once, under their own name', async () => {
    const review =
      'mutation ($data: ReviewCreateInput!) { createReview(data: $data) { id rating } }'
    const books = await ask(
      shop,
      '{ books(first: 1, orderBy: { createdAt: DESC }) { nodes { id } } }',
    )
    const book = books.data.books.nodes[0].id
    const mine = { data: { book, user: other.id, rating: 5, title: 'Good' } }
    expect(problem(await ask(shop, review, mine))[1]).toBe('FORBIDDEN')
    expect(problem(await ask(shop, review, mine, { cookie: reader }))[1]).toBe('FORBIDDEN')
    const caller = { cookie: other.cookie }
    expect((await ask(shop, review, mine, caller)).data.createReview.rating).toBe(5)
    expect(problem(await ask(shop, review, mine, caller))[1]).toBe('CONFLICT')
    const six = await ask(shop, review, { data: { ...mine.data, rating: 6 } }, caller)
    expect(problem(six)).toEqual([expect.stringContaining('A rating is from 1 to 5'), 'BAD_INPUT'])
  })
})

describe('orders of others', () => {
  /** Each asks for other's order, or for what hangs on it, in another way. */
  const lists: readonly string[] = [
    'query ($id: ID!) { order(id: $id) { id } }',
    'query ($id: ID!) { orders(where: { id: { eq: $id } }) { totalCount nodes { id } edges { cursor } } }',
    'query ($id: ID!) { orderLines(where: { order: { id: { eq: $id } } }) { totalCount nodes { id } } }',
    'query ($id: ID!) { users(where: { orders: { some: { id: { eq: $id } } } }) { totalCount } }',
    'query ($id: ID!) { orders(where: { or: [{ id: { eq: $id } }, { not: { not: { id: { eq: $id } } } }] }) { totalCount } }',
  ]

  it('are in no list, relation, filter or count', async () => {
    for (const caller of [{}, { cookie: reader }]) {
      for (const query of lists) {
        const answer = await ask(shop, query, { id: other.order }, caller)
        expect(answer.errors).toBeUndefined()
        expect(answer.text).not.toContain(other.order)
        expect(counts(answer)).toEqual([])
      }
    }
    for (const caller of [{ cookie: admin }, { cookie: other.cookie }]) {
      const answer = await ask(shop, lists[1] ?? '', { id: other.order }, caller)
      expect(answer.data.orders.totalCount).toBe(1)
    }
  })

  it('are not under their customer, and do not make "every" or "none" differ', async () => {
    const customer = 'query ($id: ID!) { User(id: $id) { orders { id lines { id } } } }'
    const seen = await ask(shop, customer, { id: other.id }, { cookie: reader })
    expect(seen.data).toEqual({ User: { orders: [] } })
    for (const filter of ['none: {}', 'every: { total: { lt: "0" } }']) {
      const query = `query ($id: ID!) { users(where: { id: { eq: $id }, orders: { ${filter} } }) { totalCount } }`
      const { data } = await ask(shop, query, { id: other.id }, { cookie: reader })
      expect(data.users.totalCount).toBe(1)
    }
  })

  it('make no difference between an order that is hidden and one that is not there', async () => {
    const cancel = 'mutation ($id: ID!) { cancelOrder(id: $id) { id } }'
    const nowhere = '00000000-0000-7000-8000-000000000000'
    const hidden = await ask(shop, cancel, { id: other.order }, { cookie: reader })
    const missing = await ask(shop, cancel, { id: nowhere }, { cookie: reader })
    expect(hidden.text.replaceAll(other.order, nowhere)).toBe(missing.text)
    for (const write of [
      'mutation ($id: ID!) { updateOrder(id: $id, data: { note: "mine" }) { id } }',
      'mutation ($id: ID!) { deleteOrder(id: $id) { id } }',
    ]) {
      const one = await ask(shop, write, { id: other.order }, { cookie: reader })
      const none = await ask(shop, write, { id: nowhere }, { cookie: reader })
      expect(one.text).toBe(none.text)
    }
  })

  it('are all there for admins, and the own ones for readers', async () => {
    const count = '{ orders { totalCount } }'
    const all = await ask(shop, count, {}, { cookie: admin })
    expect(all.data.orders.totalCount).toBeGreaterThanOrEqual(5000)
    const own = await ask(
      shop,
      '{ me { id } orders(first: 100) { totalCount nodes { customer { email } } } }',
      {},
      { cookie: reader },
    )
    const customers = own.data.orders.nodes.map(
      (order: { customer: { email: string } }) => order.customer.email,
    )
    expect(new Set(customers)).toEqual(new Set(['reader@bookstore.example']))
    expect(own.data.orders.totalCount).toBe(customers.length)
    expect((await ask(shop, count)).data.orders.totalCount).toBe(0)
  })
})

function signInResponse(login: string, password: string): Promise<Response> {
  return fetch(`${shop.url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
}

async function someoneWithAnOrder() {
  const data = { email: 'other@example.com', firstName: 'Other', password: 'long enough' }
  const create = 'mutation ($data: UserCreateInput!) { createUser(data: $data) { id } }'
  const { id } = (await ask(shop, create, { data })).data.createUser
  const cookie = await signIn(shop, data.email, data.password)
  const books = await ask(shop, '{ books(where: { title: { eq: "Twilight" } }) { nodes { id } } }')
  const place =
    'mutation ($lines: [WantedBook!]!, $shipTo: OrderShipToInput!) { placeOrder(lines: $lines, shipTo: $shipTo) { id } }'
  const shipTo = {
    name: 'Other',
    street: 'Torstraße 1',
    postcode: '10119',
    city: 'Berlin',
    country: 'Germany',
  }
  const lines = [{ book: books.data.books.nodes[0].id, quantity: 1 }]
  const placed = await ask(shop, place, { lines, shipTo }, { cookie })
  return { id, cookie, order: placed.data.placeOrder.id as string }
}

/** Every count in the answer that is not zero. */
function counts({ text }: Answer): readonly string[] {
  return text.match(/"totalCount":[1-9]\d*/g) ?? []
}
