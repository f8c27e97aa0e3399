import { type ChildProcess, spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../test/bot-crash-worker.ts'
import { counting } from '../../test/counting-bot.ts'
import { databases, type Places, until } from '../../test/databases.ts'

/** Rounds of `kill -9` on each database; 200 in all by default. */
const rounds = Number(process.env.BOT_KILL_ROUNDS ?? 100)
const worker = fileURLToPath(new URL('../../test/bot-crash-worker.ts', import.meta.url))
const conversations = 8

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
      // Sometimes the answer comes late, so that a kill falls between sending and knowing.
      setTimeout(() => response.end(), Math.random() < 0.3 ? 20 : 0)
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

describe.each(databases)(
  'two processes over $name, killed at random points',
  ({ places: start }) => {
    let places: Places
    let folder: string
    beforeAll(async () => {
      places = await start()
      folder = await mkdtemp(join(tmpdir(), 'typestead-bot-crash-'))
    })
    afterAll(async () => {
      await places[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    })

    test(`lose no reply and double none in ${rounds} rounds`, { timeout: 600_000 }, async () => {
      const { kind, address } = await places.fresh()
      const file = join(folder, 'hooks')
      await using far = await farSide()
      const complaints: string[] = []
      {
        await using first = await serve(kind, address, far.url, file, () => {})
        await first.bots.build(counting)
        await first.bots.publish('Counter', { alias: 'prod' })
      }
      /** Messages that were given to a process, until it says that they are kept. */
      const pending = new Map<string, string>()
      const accepted = new Map<string, number>()
      let acknowledged = 0
      const spawnWorker = () => {
        const child = spawn(process.execPath, [worker, kind, address, far.url, file], {
          stdio: ['pipe', 'pipe', 'pipe'],
        })
        let rest = ''
        child.stdout.on('data', (data: Buffer) => {
          const parts = (rest + data).split('\n')
          rest = parts.pop() ?? ''
          for (const [received, text = ''] of parts.map((line) => line.split(' '))) {
            if (received === 'ready') continue
            acknowledged++
            pending.delete(text)
            if (received === 'accepted') accepted.set(text, (accepted.get(text) ?? 0) + 1)
          }
        })
        child.stderr.on('data', (data: Buffer) => complaints.push(String(data)))
        child.stdin.on('error', () => {})
        return child
      }
      const workers: [ChildProcess, ChildProcess] = [spawnWorker(), spawnWorker()]
      let sent = 0
      const say = () => {
        const text = `m${sent}`
        const line = `c${sent % conversations} ${text} event${sent} thread:${sent}`
        sent++
        pending.set(text, line)
        workers[sent % 2]?.stdin?.write(`${line}\n`)
        // One in ten is sent again, to the other process, under another id of its own.
        if (Math.random() < 0.1)
          workers[(sent + 1) % 2]?.stdin?.write(`${line.replace('event', 'again')}\n`)
      }
      const sendAgain = () => {
        for (const line of pending.values()) workers[0]?.stdin?.write(`${line}\n`)
      }
      const ticking = setInterval(() => {
        if (pending.size < 50) say()
      }, 10)
      for (let round = 0; round < rounds; round++) {
        const at = round % 2
        const before = acknowledged
        // Mostly once it works; sometimes while it starts.
        const ended = () => workers.some(({ exitCode }) => exitCode !== null)
        if (Math.random() < 0.8) await until(() => acknowledged > before || ended())
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 120))
        const victim = workers[at] as ChildProcess
        expect(ended(), complaints.join('')).toBe(false)
        victim.kill('SIGKILL')
        await event(victim, 'exit')
        workers[at] = spawnWorker()
        // As messengers do with what was not acknowledged.
        sendAgain()
      }
      clearInterval(ticking)
      await until(async () => {
        if (pending.size > 0) sendAgain()
        await new Promise((resolve) => setTimeout(resolve, 300))
        return pending.size === 0
      })
      await until(
        () => new Set([...far.kept.values()].map(({ text }) => text.split(':')[1])).size >= sent,
      )
      for (const child of workers) {
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await event(child, 'exit')
      }
      await using last = await serve(kind, address, far.url, file, (error) =>
        complaints.push(String(error)),
      )
      // Whatever is still to come would come now.
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      const replies = new Map<string, string[]>()
      for (const id of far.order) {
        const reply = far.kept.get(id)
        replies.set(reply?.conversation ?? '', [
          ...(replies.get(reply?.conversation ?? '') ?? []),
          reply?.text ?? '',
        ])
      }
      expect(far.doubled).toEqual([])
      expect([...accepted].filter(([, count]) => count > 1)).toEqual([])
      for (const [conversation, texts] of replies) {
        // Each was counted once, and the answers came in the order of their turns.
        expect(
          texts.map((text) => Number(text.split(':')[0])),
          conversation,
        ).toEqual(texts.map((_, n) => n + 1))
        const id = `Counter/prod/${encodeURIComponent(`far/${conversation}`)}`
        const page = await last.bots.replay(id)
        expect(page.turns).toBe(Math.min(texts.length, 1_000))
      }
      const all = [...replies.values()].flat().map((text) => text.split(':')[1])
      expect(all.length).toBe(sent)
      expect(new Set(all).size).toBe(sent)
      const calls = (await readFile(file, 'utf8')).trim().split('\n')
      console.log(
        `${kind}: ${rounds} kills, ${sent} messages, ${calls.length} hook calls of ${new Set(calls).size} turns; complaints: ${complaints.length}`,
      )
      // A hook whose turn was not kept is called again, with the same id.
      expect(new Set(calls).size).toBe(sent)
      for (const one of [...new Set(complaints)].slice(0, 5)) console.log(one)
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
  },
)
