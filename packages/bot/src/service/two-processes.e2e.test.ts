/** Two processes that write to one session at the same time. What happens when they are killed: `adapters/kills.e2e.test.ts`. */
import { spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counting } from '../../test/counting-bot.ts'
import { databases, type Places, until } from '../../test/databases.ts'
import { serve } from '../../test/interleaving-worker.ts'

const worker = fileURLToPath(new URL('../../test/interleaving-worker.ts', import.meta.url))

/** A messenger's far side: keeps what it was sent by its id, and counts what it was sent twice. */
async function farSide() {
  const kept = new Map<string, { readonly conversation: string; readonly text: string }>()
  const order: string[] = []
  const doubled: string[] = []
  const server = createServer((request, response) => {
    const id = decodeURIComponent(request.url?.slice(1) ?? '')
    if (request.method === 'GET') return response.writeHead(kept.has(id) ? 200 : 404).end()
    let body = ''
    request.on('data', (data: Buffer) => {
      body += data
    })
    request.on('end', () => {
      if (kept.has(id)) doubled.push(id)
      kept.set(id, JSON.parse(body))
      order.push(id)
      response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    kept,
    order,
    doubled,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe.each(databases)('two processes over $name', ({ places: start }) => {
  let places: Places
  let folder: string
  beforeAll(async () => {
    places = await start()
    folder = await mkdtemp(join(tmpdir(), 'typestead-bot-two-'))
  })
  afterAll(async () => {
    await places[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(['messages', 'turns'])(
    '200 %s of two processes on one session: each hook once, one reply each, in order',
    async (kind) => {
      const place = await places.fresh()
      const file = join(folder, `interleaved-${kind}`)
      await using far = await farSide()
      await using first = await serve(place.kind, place.address, far.url, file, () => {})
      await first.bots.build(counting)
      await first.bots.publish('Counter', { alias: 'prod' })
      const answers: string[][] = [[], []]
      const complaints: string[] = []
      const workers = [0, 1].map((at) => {
        const child = spawn(process.execPath, [worker, place.kind, place.address, far.url, file])
        let rest = ''
        child.stdout.on('data', (data: Buffer) => {
          const parts = (rest + data).split('\n')
          rest = parts.pop() ?? ''
          answers[at]?.push(...parts)
        })
        child.stderr.on('data', (data: Buffer) => complaints.push(String(data)))
        return child
      })
      await until(() => answers.every(([ready]) => ready === 'ready'))
      for (let n = 0; n < 200; n++) {
        const line = kind === 'turns' ? `turn ann m${n}` : `c1 m${n} event${n}`
        workers[n % 2]?.stdin.write(`${line}\n`)
      }
      const said = () =>
        kind === 'turns'
          ? answers.map((lines) => lines.slice(1).map((line) => line.replace('answered ', '')))
          : [far.order.map((id) => far.kept.get(id)?.text ?? '')]
      await until(() => said().flat().length >= 200)
      for (const child of workers) {
        child.kill('SIGKILL')
        await event(child, 'exit')
      }
      expect(complaints).toEqual([])
      expect(far.doubled).toEqual([])
      const counts = said().map((texts) => texts.map((text) => Number(text.split(':')[0])))
      for (const own of counts) expect(own).toEqual(own.toSorted((a, b) => a - b))
      expect(counts.flat().toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 200 }, (_, n) => n + 1),
      )
      // What one process was told stays in its order.
      for (const half of [0, 1]) {
        const own = said()
          .flat()
          .toSorted((a, b) => Number(a.split(':')[0]) - Number(b.split(':')[0]))
          .map((text) => Number(text.split(':m')[1]))
          .filter((n) => n % 2 === half)
        expect(own).toEqual(own.toSorted((a, b) => a - b))
      }
      const calls = (await readFile(file, 'utf8')).trim().split('\n')
      expect([calls.length, new Set(calls).size]).toEqual([200, 200])
    },
  )
})
