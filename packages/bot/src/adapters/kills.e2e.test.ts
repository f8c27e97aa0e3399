/** `kill -9` with two processes: what was acknowledged is answered, once, on every messenger that can tell. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../test/botkit/programs.ts'
import { databases, type Places, until } from '../../test/databases.ts'
import { ChatPage } from '../../test/fakes/chat-page.ts'
import { FakeSlack, signedSlack, slackEvent } from '../../test/fakes/slack.ts'
import { FakeTwilio, signedTwilio } from '../../test/fakes/twilio.ts'

const rounds = Number(process.env.MESSENGER_KILL_ROUNDS ?? 12)
const worker = fileURLToPath(new URL('../../test/messenger-worker.ts', import.meta.url))

let places: Places
beforeAll(async () => {
  places = await databases[0].places()
})
afterAll(() => places[Symbol.asyncDispose]())

test(`no reply is lost and none doubled in ${rounds} rounds`, { timeout: 300_000 }, async () => {
  const { kind, address } = await places.fresh()
  await using slack = await FakeSlack.start()
  await using twilio = await FakeTwilio.start()
  // Between a message being taken by the far side and that being known there is time to be killed in.
  slack.server.answerAfter = 25
  twilio.server.answerAfter = 25
  const complaints: string[] = []
  const ports = [await freePort(), await freePort()] as const
  const start = async (at: 0 | 1) => {
    const child = spawn(
      process.execPath,
      [worker, kind, address, String(ports[at]), slack.apiUrl, twilio.server.url],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child.stderr.on('data', (data: Buffer) => complaints.push(String(data)))
    const ended = once(child, 'exit').then(() => {
      throw new Error(`a process ended by itself: ${complaints.join('')}`)
    })
    await Promise.race([once(child.stdout, 'data'), ended])
    // From here on it ends when it is killed.
    ended.catch(() => {})
    return child
  }
  const workers: [ChildProcess, ChildProcess] = [await start(0), await start(1)]

  /** Sends until somebody acknowledges it, as the messengers do. */
  const insist = async (send: (base: string) => Request, n: number) => {
    for (let tries = n; ; tries++) {
      const answer = await fetch(send(`http://127.0.0.1:${ports[tries % 2]}`)).catch(() => null)
      if (answer?.status === 200) return
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
  const sent: string[] = []
  const unkept = new Map<string, string>()
  let page = await ChatPage.open(`http://127.0.0.1:${ports[0]}`)
  const { cookie } = page
  const shown = new Map<string, string>()
  const seen: ChatPage[] = [page]
  let turn = 0
  const reconnect = async () => {
    for (;;) {
      const url = `http://127.0.0.1:${ports[++turn % 2]}`
      const next = await ChatPage.open(url, {
        headers: { cookie: cookie.split(';')[0] ?? '' },
      }).catch(() => null)
      if (next === null) continue
      page = next
      seen.push(next)
      for (const [id, text] of unkept) page.send({ type: 'say', id, text })
      return
    }
  }
  const settle = () => {
    for (const one of seen) {
      for (const frame of one.frames) if (frame.type === 'kept') unkept.delete(String(frame.id))
      for (const { id, from, texts } of one.shown)
        if (from === 'bot') shown.set(id, texts.join('|'))
    }
  }

  for (let round = 0; round < rounds; round++) {
    const words = [`a${round}`, `b${round}`]
    const kept = words.map(async (word, n) => {
      const number = sent.length + n + 1
      const event = slackEvent({ text: word, ts: `${1_700_000_000 + number}.000100` })
      await Promise.all([
        insist((base) => signedSlack(`${base}/slack/receive`, 's', event), n),
        insist(
          (base) => signedTwilio(`${base}/sms/inbound`, 'a', { text: word, sid: `SM${number}` }),
          n,
        ),
      ])
    })
    for (const word of words) {
      unkept.set(`message-${word}`, word)
      if (page.closed === undefined) page.send({ type: 'say', id: `message-${word}`, text: word })
    }
    sent.push(...words)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
    const at = round % 2 === 0 ? 0 : 1
    workers[at].kill('SIGKILL')
    await once(workers[at], 'exit')
    workers[at] = await start(at)
    if (page.closed !== undefined) await reconnect()
    await within(
      Promise.all(kept),
      () => `round ${round}: not acknowledged; ${complaints.join('')}`,
    )
    settle()
  }
  try {
    await reconnect()
    const replies = () => [
      slack.posted.map(({ text }) => text),
      twilio.messages.map(({ body }) => body),
      [...shown.values()],
    ]
    const deadline = Date.now() + 60_000
    await until(async () => {
      settle()
      if (Date.now() > deadline) {
        const missing = replies().map((texts) =>
          sent.filter((word) => !texts.some((one) => wordOf(one) === word)),
        )
        throw new Error(
          `not answered: ${JSON.stringify(missing)}; not kept: ${[...unkept.values()]}; ${complaints.join('')}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
      return replies().every((texts) => new Set(texts.map(wordOf)).size >= sent.length)
    })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    settle()
    for (const texts of replies()) {
      expect(texts.map(wordOf).toSorted(), complaints.join('')).toEqual(sent.toSorted())
      // The counts show that every turn ran once, in one order.
      expect(texts.map((text) => Number(text.split(':')[0]))).toEqual(sent.map((_, n) => n + 1))
    }
  } finally {
    for (const one of workers) one.kill('SIGKILL')
  }
})

async function within(work: Promise<unknown>, reason: () => string): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(reason())), 60_000)
  await Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

function wordOf(reply: string): string {
  return reply.split(':')[1] ?? ''
}
