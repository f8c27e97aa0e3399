/**
 * `kill -9` at random points with two processes, on real adapters against loopback far sides of their send and list calls, with one
 * message in ten told twice: what was acknowledged is answered, in order, once wherever the far side can tell; what its hook did
 * is done once; the session counts right.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Journal, openJournal } from '@typestead/journal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countingHooks } from '../../test/counting-bot.ts'
import { databases, type Place, type Places } from '../../test/databases.ts'
import { FakeMessenger } from '../../test/fakes/messenger.ts'
import { FakeSlack } from '../../test/fakes/slack.ts'
import { FakeTwilio } from '../../test/fakes/twilio.ts'
import { answersTo, bot, understander } from '../../test/kills/bot.ts'
import {
  ChatVisitor,
  onLex,
  onMessenger,
  onSlack,
  onSms,
  type Person,
  talk,
} from '../../test/kills/people.ts'
import { type Bundle, bundleWorker, Processes, processTtl } from '../../test/kills/processes.ts'
import { openBots } from '../service/open-bots.ts'

/** Processes that are killed, on each database. */
const rounds = Number(process.env.BOT_KILL_ROUNDS ?? 200)
/** On each messenger. */
const people = 3

let bundle: Bundle
beforeAll(async () => {
  bundle = await bundleWorker()
})
afterAll(() => bundle[Symbol.asyncDispose]())

describe.each(databases)('two processes over $name', ({ name, places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  test(`lose nothing and double nothing in ${rounds} kills`, { timeout: 600_000 }, async () => {
    const place = await places.fresh()
    const calls = join(bundle.folder, `calls-${place.kind}`)
    await using far = await farSides()
    await using journal = await openJournal(place.source())
    await build(journal)
    await using processes = new Processes(bundle, { ...optionsOf(place, far), calls, processTtl })
    const { urls } = processes
    const everybody = {
      slack: each((n) => onSlack(urls, far.slack, n)),
      sms: each((n) => onSms(urls, far.twilio, n)),
      messenger: each((n) => onMessenger(urls, far.messenger, n)),
      chat: each(() => new ChatVisitor(urls)),
      lex: each((n) => onLex(urls, n)),
    }
    const all: Person[] = Object.values(everybody).flat()
    let isOver = false
    const talking = all.map((one, n) =>
      talk(one, { name: String(n), pause: 250, isOver: () => isOver }),
    )
    const last: AtDeath[] = []
    while (last.length < rounds) {
      const at = Math.random() < 0.5 ? 0 : 1
      // Mostly while it works; sometimes while it starts.
      if (Math.random() < 0.8) await inTime(processes.ready(at), 'a process does not start')
      await sleep(Math.random() * 150)
      const chance = Math.random()
      const victims = chance < 0.1 ? [0, 1] : [at]
      // Now and then the other is left alone for longer than the dead one's name is good.
      const pause = chance > 0.97 ? 2 * processTtl : 0
      const dead = await Promise.all(victims.map((one) => processes.kill(one, pause)))
      for (const pid of dead) last.push(await atDeath(journal, pid))
    }
    isOver = true
    const explain = () => explanation(journal, processes, all)
    const repeats = (await inTime(Promise.all(talking), explain)).reduce(
      (n, one) => n + one.repeats,
      0,
    )
    await inTime(emptied(journal), explain)
    for (const one of everybody.chat) await one.open()
    await inTime(arrived(everybody.chat), explain)
    processes.check()
    const { pids } = processes
    await processes[Symbol.asyncDispose]()
    const kills = last.length
    for (const pid of pids) last.push(await atDeath(journal, pid))

    const said = all.flatMap((one) => one.said)
    const hooked = said.filter((word) => !word.startsWith('echo'))
    const orders = said.filter((word) => word.startsWith('order'))
    const callIds = new Map(
      (await readFile(calls, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    )
    const doubled = doubledIn(far.messenger.sent)
    const held = last.flatMap((one) => one.held)
    const unheard = servers(far).reduce((n, one) => n + one.unheard, 0)
    console.log(
      `${name}: ${kills} kills, ${said.length} messages, ${repeats} told twice; the dead were in ${
        held.filter(({ queue }) => queue.startsWith('bot.in/')).length
      } turns and ${held.filter(({ queue }) => queue.startsWith('bot.out/')).length} deliveries, ${
        unheard
      } of them taken by the far side and not known; Messenger got ${doubled.length} twice`,
    )
    for (const [channel, ones] of Object.entries(everybody)) {
      for (const one of ones) {
        const replies = channel === 'messenger' ? withoutRepeats(one.replies()) : one.replies()
        expect(replies, channel).toEqual(answersTo(one.said))
      }
    }
    // Pages take up where they were: no number is shown twice, none is left out.
    for (const { shown } of everybody.chat)
      expect(shown.map(({ seq }) => seq)).toEqual(shown.map((_, n) => n + 1))
    for (const { disagreements } of everybody.lex) expect(disagreements).toEqual([])
    // The window: its process died, or was taken for dead, between sending and recording.
    for (const { text, token } of doubled) {
      const sender = last.find(({ pid }) => `page-${pid}` === token)
      const wasHeld = sender?.held.some((one) => one.text === text)
      expect([text, wasHeld || sender?.wasTakenForDead]).toEqual([text, true])
    }
    // A hook whose turn was not kept is called again under the same id.
    expect([...callIds.values()].toSorted()).toEqual(hooked.toSorted())
    expect((await wordsOfOrders(journal)).toSorted()).toEqual(orders.toSorted())
    await expectSessions(journal, all)
    expect(await deadLetters(journal)).toEqual([])
  })
})

interface FarSides extends AsyncDisposable {
  readonly slack: FakeSlack
  readonly twilio: FakeTwilio
  readonly messenger: FakeMessenger
}

async function farSides(): Promise<FarSides> {
  const slack = await FakeSlack.start()
  const twilio = await FakeTwilio.start()
  const messenger = await FakeMessenger.start()
  // Between a message being taken by the far side and that being known there is time to be killed in.
  for (const server of servers({ slack, twilio, messenger })) server.answerAfter = 40
  return {
    slack,
    twilio,
    messenger,
    async [Symbol.asyncDispose]() {
      for (const one of [slack, twilio, messenger]) await one[Symbol.asyncDispose]()
    },
  }
}

function servers({ slack, twilio, messenger }: Omit<FarSides, keyof AsyncDisposable>) {
  return [slack.server, twilio.server, messenger.server]
}

function optionsOf({ kind, address }: Place, { slack, twilio, messenger }: FarSides) {
  return {
    kind,
    address,
    slackUrl: slack.apiUrl,
    twilioUrl: twilio.server.url,
    messengerUrl: messenger.server.url,
  }
}

function each<T>(make: (n: number) => T): T[] {
  return Array.from({ length: people }, (_, n) => make(n))
}

async function build(journal: Journal): Promise<void> {
  await using bots = await openBots({
    journal,
    understander,
    hooks: countingHooks(),
  })
  await bots.build(bot)
  await bots.publish('Counter', { alias: 'prod' })
  const { dialect } = journal.database
  await journal.transaction((tx) =>
    tx.run({
      text: `create table ${dialect.table('kill_order')} (who text not null, word text not null)`,
      values: [],
    }),
  )
}

/** What a process had in hand when it died: turns under way, and committed replies that it had not recorded as delivered. */
interface AtDeath {
  readonly pid: number
  readonly held: readonly { readonly queue: string; readonly text: string }[]
  /** It stood still for so long that others had taken over its work before. */
  readonly wasTakenForDead: boolean
}

async function atDeath(journal: Journal, pid: number): Promise<AtDeath> {
  const { database } = journal
  const { dialect } = database
  const values = [database.time(), pid]
  const names = await database.read({
    text: `select case when expires <= ${dialect.now} then 1 else 0 end from ${dialect.table('process')} where pid = $2`,
    values,
  })
  const rows = await database.read({
    text: `select t.queue, t.payload from ${dialect.table('task')} t join ${dialect.table('process')} p on p.id = t.owner where p.pid = $1`,
    values: [pid],
  })
  const held = rows.map(([queue, payload]) => {
    const { messages = [] } = JSON.parse(String(payload)) as { messages?: { content: string }[] }
    return { queue: String(queue), text: messages.map(({ content }) => content).join('|') }
  })
  return { pid, held, wasTakenForDead: names.some(([expired]) => Number(expired) === 1) }
}

/** Sends of what was sent again later. */
function doubledIn(sent: FakeMessenger['sent']) {
  const texts = sent.map(({ message, token }) => ({ text: String(message.text), token }))
  return texts.filter(({ text }, n) => texts.findLastIndex((one) => one.text === text) > n)
}

function withoutRepeats(replies: readonly string[]): string[] {
  return replies.filter((text, n) => text !== replies[n - 1])
}

async function emptied(journal: Journal): Promise<void> {
  for (;;) {
    const rows = await journal.database.read({
      text: `select 1 from ${journal.database.dialect.table('task')} limit 1`,
      values: [],
    })
    if (rows.length === 0) return
    await sleep(50)
  }
}

async function arrived(visitors: readonly ChatVisitor[]): Promise<void> {
  while (visitors.some((one) => one.replies().length < one.said.length)) await sleep(20)
}

async function inTime<T>(work: Promise<T>, reason: string | (() => Promise<string>)): Promise<T> {
  const late = Symbol('late')
  const timer = new AbortController()
  const first = await Promise.race([
    work,
    sleep(90_000, late, { signal: timer.signal, ref: false }),
  ]).finally(() => timer.abort())
  if (first === late) throw new Error(typeof reason === 'string' ? reason : await reason())
  // It is not the symbol.
  return first as T
}

async function explanation(journal: Journal, processes: Processes, all: readonly Person[]) {
  const { dialect } = journal.database
  const rows = (table: string) =>
    journal.database.read({ text: `select * from ${dialect.table(table)} limit 20`, values: [] })
  const missing = all.map((one) => {
    const replies = new Set(one.replies().map((text) => text.split(':')[1]))
    return one.said.filter((word) => !replies.has(word))
  })
  return `not answered: ${JSON.stringify(missing)}; tasks: ${JSON.stringify(await rows('task'))}; processes: ${JSON.stringify(await rows('process'))}; ${processes.complaints.join('')}`
}

async function wordsOfOrders(journal: Journal): Promise<string[]> {
  const rows = await journal.database.read({
    text: `select word from ${journal.database.dialect.table('kill_order')}`,
    values: [],
  })
  return rows.map(([word]) => String(word))
}

async function expectSessions(journal: Journal, all: readonly Person[]): Promise<void> {
  await using bots = await openBots({
    journal,
    understander,
    hooks: countingHooks(),
  })
  const { conversations } = await bots.conversations({ limit: 100 })
  expect(conversations.length).toBe(all.length)
  for (const { id, lastText, turns } of conversations) {
    const person = all.find(({ said }) => said.at(-1) === lastText)
    const { session } = await bots.transcript(id)
    const said = person?.said ?? []
    const counted = said.filter((word) => !word.startsWith('echo')).length
    expect([turns, Number(session?.attributes.n), (await bots.replay(id)).turns], id).toEqual([
      said.length,
      counted,
      said.length,
    ])
  }
}

async function deadLetters(journal: Journal): Promise<readonly (readonly unknown[])[]> {
  return journal.database.read({
    text: `select id, reason from ${journal.database.dialect.table('dead')}`,
    values: [],
  })
}
