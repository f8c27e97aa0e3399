import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks, Loopback } from '../../test/counting-bot.ts'
import { databases, type Places, until } from '../../test/databases.ts'
import type { BotsOptions } from './bots-options.ts'
import { openBots } from './open-bots.ts'
import type { BotService } from './service-contract.ts'

const key = { bot: 'Counter', alias: 'prod', user: 'ann.smith@example.com' }
const [sqlite] = databases

let places: Places
beforeAll(async () => {
  places = await sqlite.places()
})
afterAll(() => places[Symbol.asyncDispose]())

async function published(options: Partial<BotsOptions>): Promise<BotService> {
  const bots = await openBots({
    journal: (await places.fresh()).source(),
    understander: anythingCounts,
    hooks: countingHooks(),
    onError: () => {},
    retry: { first: 1, longest: 5, deliver: 3 },
    ...options,
  })
  await bots.release(counting, { alias: 'prod' })
  return bots
}

/** Values by name and labels: `bot_turns_total{bot="Counter",outcome="answered"}`. */
async function shown(metrics: Registry): Promise<ReadonlyMap<string, number>> {
  const lines = (await metrics.metrics()).split('\n').filter((line) => !/^(#|$)/.test(line))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

describe('metrics of the service', () => {
  test('turns are counted by what came of them, and their parts timed', async () => {
    const metrics = new Registry()
    const hooks = countingHooks(async ({ text }) => {
      if (text === 'break') throw new Error('broken')
    })
    await using bots = await published({ metrics, hooks })
    await bots.turn({ ...key, text: 'one', requestId: 'r1' })
    await bots.turn({ ...key, text: 'one', requestId: 'r1' })
    await bots.turn({ ...key, text: 'break' })
    await expect(bots.turn({ ...key, bot: 'Nobody', text: 'a' })).rejects.toThrow()
    const values = await shown(metrics)
    const turns = (bot: string, outcome: string) =>
      values.get(`bot_turns_total{bot="${bot}",outcome="${outcome}"}`)
    expect(turns('Counter', 'answered')).toBe(1)
    expect(turns('Counter', 'repeated')).toBe(1)
    expect(turns('Counter', 'HOOK_FAILED')).toBe(1)
    expect(turns('', 'NOT_FOUND')).toBe(1)
    expect(values.get('bot_turn_seconds_count')).toBe(2)
    expect(values.get('bot_commit_seconds_count')).toBe(2)
    expect(values.get('bot_understanding_seconds_count')).toBe(2)
    expect(values.get('bot_hook_seconds_count{outcome="ok"}')).toBe(1)
    expect(values.get('bot_hook_seconds_count{outcome="THROWN"}')).toBe(1)
    expect(values.get('bot_degraded_total{reason="hook"}')).toBe(1)
  })

  test('an understanding that is away counts as degraded', async () => {
    const metrics = new Registry()
    const understander = { understand: () => Promise.reject(new Error('away')) }
    await using bots = await published({ metrics, understander })
    await bots.turn({ ...key, text: 'one' })
    expect((await shown(metrics)).get('bot_degraded_total{reason="understanding"}')).toBe(1)
  })

  test('messages and deliveries are counted by channel, and what waits is shown', async () => {
    const metrics = new Registry()
    await using bots = await published({ metrics })
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    loop.before = ({ messages }, attempt) => {
      const [said] = messages
      if (said?.content === '2:never') throw new Error('away')
      if (said?.content === '1:later' && attempt === 0) throw new Error('away')
    }
    await loop.say('later', { ids: ['m1'] })
    await loop.say('later', { ids: ['m1'] })
    await until(() => loop.delivered.length === 1)
    await loop.say('never', { ids: ['m2'] })
    const deliveries = async (outcome: string) =>
      (await shown(metrics)).get(`bot_deliveries_total{channel="loop",outcome="${outcome}"}`)
    await until(async () => (await deliveries('undelivered')) === 1)
    expect(await deliveries('delivered')).toBe(1)
    // One of the first answer, and all but the last of the second.
    expect(await deliveries('failed')).toBe(3)
    const values = await shown(metrics)
    expect(values.get('bot_messages_total{channel="loop",outcome="accepted"}')).toBe(2)
    expect(values.get('bot_messages_total{channel="loop",outcome="repeated"}')).toBe(1)
    expect(values.get('bot_delivery_seconds_count{channel="loop"}')).toBe(1)
  })

  test('what was given up is shown by queue', async () => {
    const metrics = new Registry()
    const place = await places.fresh()
    await using bots = await published({ metrics, journal: place.source() })
    const loop = new Loopback()
    loop.before = () => {
      throw new Error('away')
    }
    const undelivered = new Promise<void>((resolve) =>
      bots.watch(({ type }) => type === 'undelivered' && resolve()),
    )
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    await loop.say('one')
    await undelivered
    // A dead letter is one a moment after its last attempt; another registry has not counted yet.
    await until(async () => {
      const fresh = new Registry()
      await using other = await openBots({
        journal: place.source(),
        understander: anythingCounts,
        hooks: countingHooks(),
        metrics: fresh,
      })
      void other
      const values = await shown(fresh)
      return values.get('bot_queue_messages{channel="loop",direction="out",state="dead"}') === 1
    })
  })

  test('say nothing of who spoke, or what', async () => {
    const metrics = new Registry()
    await using bots = await published({ metrics })
    await bots.turn({ ...key, text: 'my secret', requestId: 'request-17' })
    await expect(bots.turn({ ...key, alias: 'alias-of-mine', text: 'x' })).rejects.toThrow()
    const text = await metrics.metrics()
    for (const word of ['ann.smith', 'secret', 'request-17', 'alias-of-mine'])
      expect(text).not.toContain(word)
  })
})

/** Keeps spans: their names, their parents, their attributes. */
class Recorder {
  readonly spans: RecordedSpan[] = []
  readonly #storage = new AsyncLocalStorage<Context>()

  start(): void {
    const storage = this.#storage
    context.setGlobalContextManager({
      active: () => storage.getStore() ?? ROOT_CONTEXT,
      with: (active, work, self, ...args) => storage.run(active, () => work.call(self, ...args)),
      bind: (_, target) => target,
      enable() {
        return this
      },
      disable() {
        return this
      },
    })
    const startSpan = (name: string, options = {}, parent = context.active()) => {
      const span = new RecordedSpan(
        name,
        trace.getSpan(parent) as RecordedSpan | undefined,
        options,
      )
      this.spans.push(span)
      // What the service calls of a span; the rest of the interface nobody asks here.
      return span as unknown as Span
    }
    trace.setGlobalTracerProvider({
      getTracer: () => ({
        startSpan,
        // Of its forms the service uses the one with options.
        startActiveSpan: ((name: string, options: object, work: unknown) => {
          const span = startSpan(name, options)
          const inside = trace.setSpan(context.active(), span)
          return context.with(inside, () => (work as (span: Span) => never)(span))
        }) as unknown as Tracer['startActiveSpan'],
      }),
    })
  }
}

class RecordedSpan {
  readonly name: string
  readonly parent: RecordedSpan | undefined
  readonly attributes: Record<string, unknown> = {}
  ended = 0

  constructor(name: string, parent: RecordedSpan | undefined, options: { attributes?: object }) {
    this.name = name
    this.parent = parent
    Object.assign(this.attributes, options.attributes)
  }

  isRecording(): boolean {
    return true
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes[name] = value
  }

  setStatus(): void {}

  spanContext() {
    return { traceId: '1', spanId: '1', traceFlags: 1 }
  }

  end(): void {
    this.ended++
  }
}

describe('traces of the service', () => {
  afterEach(() => {
    trace.disable()
    context.disable()
  })

  test('a turn is a span with its parts below it; a hook runs inside its own', async () => {
    const recorder = new Recorder()
    recorder.start()
    let inside: string | undefined
    const hooks = countingHooks(async () => {
      // The recorder above made it.
      inside = (trace.getActiveSpan() as unknown as RecordedSpan | undefined)?.name
    })
    await using bots = await published({ hooks })
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    await loop.say('one', { user: 'ann.smith' })
    await until(() => recorder.spans.length === 5 && recorder.spans.every(({ ended }) => ended > 0))
    expect(inside).toBe('bot hook')
    const told = recorder.spans.map(({ name, parent, ended }) => [name, parent?.name, ended])
    expect(told.sort()).toEqual([
      ['bot commit', 'bot turn', 1],
      ['bot deliver', undefined, 1],
      ['bot hook', 'bot turn', 1],
      ['bot turn', undefined, 1],
      ['bot understand', 'bot turn', 1],
    ])
    expect(recorder.spans[0]?.attributes).toEqual({
      'bot.bot': 'Counter',
      'bot.version': '1',
      'bot.locale': 'en_US',
      'bot.channel': 'loop',
      'bot.outcome': 'answered',
    })
    expect(JSON.stringify(recorder.spans.map(({ attributes }) => attributes))).not.toContain(
      'ann.smith',
    )
  })
})
