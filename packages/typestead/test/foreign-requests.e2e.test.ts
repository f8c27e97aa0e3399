import { request } from 'node:http'
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

/** A request with headers that fetch does not let one set. */
function raw(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('requests from elsewhere', () => {
  it('with the cookie change nothing without our Origin', async () => {
    const cookie = await client.adminCookie()
    const foreign = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: running.workbench },
    ]
    for (const headers of foreign) {
      const response = await client.renamePost({ cookie, ...headers } as Record<string, string>)
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ error: { code: 'FOREIGN_ORIGIN' } })
    }
    const out = await client.send('/sessions', {
      method: 'DELETE',
      headers: { cookie, origin: 'https://evil.example' },
    })
    expect(out.status).toBe(403)
    expect(await (await client.send('/', { headers: { cookie } })).text()).toContain('signed in as')
  })

  it('cannot sign a browser in', async () => {
    const response = await client.signIn('ann@example.com', client.password, {
      origin: 'https://evil.example',
    })
    expect(response.status).toBe(403)
  })

  it('are answered only under our own names', async () => {
    for (const origin of [running.application, running.workbench]) {
      const { port } = new URL(origin)
      for (const host of [
        'evil.example',
        `evil.example:${port}`,
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        'a b',
      ]) {
        expect(
          (await raw(`${origin}/`, { host })).status,
          `${host} on ${origin}`,
        ).toBeGreaterThanOrEqual(400)
      }
      for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
        expect((await raw(`${origin}/`, { host })).status, host).toBe(200)
      }
      expect((await raw(`${origin}/readyz`, { host: 'anything' })).status).toBe(200)
    }
  })

  it('cannot post to the workbench', async () => {
    const response = await fetch(`${running.workbench}/_typestead/plan`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
  })

  it('with ten megabytes are refused unread, and the server lives', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024, 120)
    for (const path of ['/api', '/sessions', '/nothing']) {
      const status = await client
        .send(path, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        })
        .then(
          (response) => response.status,
          () => 'cut off',
        )
      expect([413, 'cut off']).toContain(status)
    }
    expect((await client.send('/healthz')).status).toBe(200)
  })
})

describe('what surrounds requests', () => {
  it('masks what is not there, with a request id', async () => {
    const response = await client.send('/nothing/here')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      error: {
        code: 'NOT_FOUND',
        message: 'there is nothing at /nothing/here',
        requestId: response.headers.get('x-request-id'),
      },
    })
  })

  it('measures requests, queries and the event loop', async () => {
    const text = await (await client.send('/metrics')).text()
    expect(text).toMatch(
      /http_request_duration_seconds_count\{server="app",method="POST",route="\/sessions",status="201"\} \d/,
    )
    expect(text).toMatch(
      /typestead_store_query_duration_seconds_count\{operation="select",entity="User",outcome="ok"\} \d/,
    )
    expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/)
    expect(text).toMatch(/typestead_store_connections\{state="open"\} \d/)
  })

  it('shows the workbench what the app is made of', async () => {
    const page = await (await fetch(running.workbench)).text()
    expect(page).toContain('<title>Console</title>')
    const get = async (part: string) =>
      (await fetch(`${running.workbench}/_typestead/${part}`)).json()
    expect((await get('model')).entities.map((entity: { name: string }) => entity.name)).toEqual([
      'User',
      'Post',
      'Session',
    ])
    expect(await get('plan')).toEqual({ changes: [], parts: [], notes: [] })
    expect((await get('migrations'))[0].summary).toContain('new entity Post')
    expect(await get('endpoints')).toMatchObject({
      application: running.application,
      pid: running.pid,
    })
  })

  it('keeps the workbench’s paths off the application’s origin', async () => {
    expect((await client.send('/_typestead/model')).status).toBe(404)
  })
})
