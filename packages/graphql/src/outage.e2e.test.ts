import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open, postgres } from '@typestead/store'
import { startEmbedded } from '@typestead/store/embedded'
import { expect, test } from 'vitest'
import { articleFive, model } from '../test/articles.ts'

test('a store that is gone is UNAVAILABLE, and answers again once it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-graphql-'))
  try {
    const data = join(folder, 'postgres')
    await using server = await startEmbedded({ data, autoRestart: false })
    await using db = await open(model, postgres(urlOf(server), { connectTimeout: 2000 }))
    const reports: string[] = []
    const api = articleFive(db, { onError: ({ code }) => reports.push(code) })
    const ask = (accept: string) =>
      api.handler(
        new Request('http://127.0.0.1/api', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept },
          body: JSON.stringify({ query: '{ blogPosts { id accountsUser { id } } }' }),
        }),
      )
    expect(await (await ask('*/*')).json()).toEqual({ data: { blogPosts: [] } })
    const died = new Promise((resolve) => server.onExit(resolve))
    process.kill(server.pid, 'SIGKILL')
    await died
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const gone = await ask(accept)
      expect([gone.status, gone.headers.get('retry-after')]).toEqual([503, '1'])
      const body = await gone.json()
      expect(body).toMatchObject({
        errors: [
          {
            message: 'the store does not answer now; try again in a moment',
            extensions: { code: 'UNAVAILABLE' },
          },
        ],
      })
      expect(body).not.toHaveProperty('data')
    }
    expect(reports).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
    await server.restart()
    await expect
      .poll(async () => (await ask('*/*')).json(), { timeout: 30_000 })
      .toEqual({ data: { blogPosts: [] } })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

function urlOf({ host, port, user, database }: Awaited<ReturnType<typeof startEmbedded>>): string {
  // A socket's folder stands in the query, as libpq has it.
  return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
}
