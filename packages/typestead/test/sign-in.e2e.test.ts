import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningApp } from './command.ts'
import { type TinyClient, tinyClient } from './tiny-client.ts'

let client: TinyClient
let running: RunningApp

beforeAll(async () => {
  client = await tinyClient()
  running = client.running
})

afterAll(() => client?.[Symbol.asyncDispose]())

describe('sign-in', () => {
  it('shows a form that needs no JavaScript', async () => {
    const response = await client.send('/sign-in')
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(html).toContain('<form method="post" action="/sessions"')
    expect(html).toContain('<label for="password">')
    expect(html).not.toContain('<script')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('by JSON answers who it is, with a cookie that scripts and other sites do not get', async () => {
    const response = await client.signIn('ann@example.com', client.password)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ userId: expect.any(String), role: 'admin' })
    expect(response.headers.get('set-cookie')).toMatch(
      /^typestead_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
    )
  })

  it('by form leads back to where it came from, on this origin only', async () => {
    for (const [next, location] of [
      ['/books?a=1', '/books?a=1'],
      ['//evil.example', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example', '/'],
    ]) {
      const body = new URLSearchParams({
        login: 'ann@example.com',
        password: client.password,
        next: next as string,
      })
      const response = await client.send('/sessions', { method: 'POST', body })
      expect(response.status).toBe(303)
      expect(response.headers.get('location')).toBe(location)
    }
  })

  it('marks the cookie as secure where the browser came by https', async () => {
    const response = await client.signIn('ann@example.com', client.password, {
      'x-forwarded-proto': 'https',
    })
    expect(response.headers.get('set-cookie')).toMatch(/; Secure$/)
  })

  it('gives an unknown login and a wrong password the same answer', async () => {
    const answers = await Promise.all([
      client.signIn('ann@example.com', 'wrong'),
      client.signIn('nobody@example.com', 'wrong'),
    ])
    const bodies = await Promise.all(answers.map((answer) => answer.json()))
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    expect(bodies[0].error.message).toBe('Login or password is wrong.')
    expect({ ...bodies[0].error, requestId: '' }).toEqual({ ...bodies[1].error, requestId: '' })
  })

  it('says so in the form, keeps the login and forgets the password', async () => {
    const body = new URLSearchParams({
      login: '"><script>alert(1)</script>',
      password: 'wrong-password',
    })
    const response = await client.send('/sessions', { method: 'POST', body })
    const html = await response.text()
    expect(response.status).toBe(401)
    expect(html).toContain('role="alert"')
    expect(html).toContain('&#34;&#62;&#60;script&#62;')
    expect(html).not.toContain('<script')
    expect(html).not.toContain('wrong-password')
  })

  it('lets no one guess: attempts are limited by login and address, with Retry-After', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => client.signIn('guess@example.com', 'guess')),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await client.signIn('ann@example.com', client.password)).status).toBe(201)
  })

  const bad = [
    ['application/json', '{', 400],
    ['application/json', '[]', 400],
    ['application/json', 'null', 400],
    ['application/json', '{"login":{"$ne":null},"password":["a"]}', 400],
    ['application/json', '{"__proto__":{"login":"a","password":"b"}}', 400],
    ['text/plain', 'login=a&password=b', 415],
    ['multipart/form-data', 'nothing', 400],
    ['application/x-www-form-urlencoded', 'login=a', 400],
  ] as const
  for (const [type, body, status] of bad) {
    it(`answers ${status} to ${type} ${body}`, async () => {
      const response = await client.send('/sessions', {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
      expect(response.status).toBe(status)
    })
  }

  it('gives the rules who it is', async () => {
    const anonymous = await (await client.renamePost({})).json()
    expect(JSON.stringify(anonymous)).toContain('FORBIDDEN')
    const cookie = await client.adminCookie()
    const admin = await (await client.renamePost({ cookie, origin: running.application })).json()
    expect(admin).toEqual({ data: { updatePost: { title: 'Renamed' } } })
  })

  it('ends an earlier session of the same browser', async () => {
    const first = await client.adminCookie()
    const second = await client.adminCookie({ cookie: first, origin: running.application })
    expect(await (await client.send('/', { headers: { cookie: first } })).text()).not.toContain(
      'signed in as',
    )
    expect(await (await client.send('/', { headers: { cookie: second } })).text()).toContain(
      'signed in as admin',
    )
  })

  it('signs out by DELETE and by form', async () => {
    for (const [path, method, status] of [
      ['/sessions', 'DELETE', 204],
      ['/sign-out', 'POST', 303],
    ] as const) {
      const cookie = await client.adminCookie()
      const response = await client.send(path, {
        method,
        headers: { cookie, origin: running.application },
      })
      expect(response.status).toBe(status)
      expect(response.headers.get('set-cookie')).toContain('Max-Age=0')
      expect(await (await client.send('/', { headers: { cookie } })).text()).not.toContain(
        'signed in as',
      )
    }
  })

  it('stores no token and no password as it is', async () => {
    const cookie = await client.adminCookie()
    const token = cookie.split('=')[1] ?? ''
    expect((await running.ask('{ sessions { nodes { hash } } }')).status).toBe(200)
    expect(await (await running.ask('{ sessions { nodes { hash } } }')).text()).toContain(
      'Cannot query field',
    )
    expect(running.command.output()).not.toContain(token)
    expect(running.command.output()).not.toContain(client.password)
    expect(running.command.output()).not.toContain('ann@example.com')
  })

  it('knows no other methods', async () => {
    const response = await client.send('/sessions', { method: 'PUT' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST, DELETE')
  })
})
