import { setTimeout as delay } from 'node:timers/promises'
import { openJournal } from '@typestead/journal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks, Loopback } from '../../../test/counting-bot.ts'
import { databases, type Place, type Places, until } from '../../../test/databases.ts'
import type { HookCall } from '../../hooks/hook-contract.ts'
import type { Understander } from '../../understanding/understanding.ts'
import type { BotsOptions } from '../bots-options.ts'
import { openBots } from '../open-bots.ts'
import type { BotService } from '../service-contract.ts'

const target = { bot: 'Counter', alias: 'prod' }

async function transcript(bots: BotService) {
  const { conversations } = await bots.conversations()
  const [one] = conversations
  return one === undefined ? [] : (await bots.transcript(one.id)).turns.map(({ text }) => text)
}

describe.each(databases)('messages as they come in, on $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  async function published(place: Place, loop: Loopback, options: Partial<BotsOptions> = {}) {
    const bots = await openBots({
      journal: place.source(),
      understander: anythingCounts,
      hooks: countingHooks(),
      onError: () => {},
      ...options,
    })
    await bots.build(counting)
    await bots.publish('Counter', { alias: 'prod' })
    bots.connect(loop, target)
    return bots
  }

  test('alone, a message is acknowledged with its whole turn', async () => {
    const loop = new Loopback()
    await using bots = await published(await places.fresh(), loop)
    let together = 0
    for (let n = 1; n <= 20; n++) {
      expect(await loop.say(`m${n}`)).toBe('accepted')
      if ((await transcript(bots)).length === n) together++
    }
    // On a machine that is busy for a moment one may be kept before its turn.
    expect(together).toBeGreaterThan(0)
    await until(() => loop.delivered.length === 20)
    expect(loop.said()).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 1}:m${n + 1}`))
  })

  test('a hook that takes its time does not keep the messenger waiting, and the next message waits for it', async () => {
    const loop = new Loopback()
    const go = Promise.withResolvers<void>()
    const called: string[] = []
    const hooks = countingHooks(async ({ text }) => {
      called.push(text)
      if (text === 'slow') await go.promise
    })
    await using bots = await published(await places.fresh(), loop, { hooks })
    expect(await loop.say('slow', { ids: ['1'] })).toBe('accepted')
    expect(await loop.say('slow', { ids: ['1'] })).toBe('repeated')
    expect(await loop.say('next')).toBe('accepted')
    expect(await transcript(bots)).toEqual([])
    expect(called).toEqual(['slow'])
    go.resolve()
    await until(() => loop.delivered.length === 2)
    expect(loop.said()).toEqual(['1:slow', '2:next'])
    expect(called).toEqual(['slow', 'next'])
  })

  test('understanding that takes its time is asked once, and the message is kept meanwhile', async () => {
    const loop = new Loopback()
    const go = Promise.withResolvers<void>()
    let asked = 0
    const understander: Understander = {
      async understand(request) {
        asked++
        await go.promise
        return anythingCounts.understand(request)
      },
    }
    const place = await places.fresh()
    await using bots = await published(place, loop, { understander })
    expect(await loop.say('slow')).toBe('accepted')
    await using other = await openJournal(place.source())
    const { dialect } = other.database
    const kept = await other.database.read({
      text: `select id from ${dialect.table('task')} where owner is not null`,
      values: [],
    })
    expect(kept).toHaveLength(1)
    go.resolve()
    await until(() => loop.delivered.length === 1)
    expect(loop.said()).toEqual(['1:slow'])
    expect(asked).toBe(1)
    expect(await transcript(bots)).toEqual(['slow'])
  })

  test('a process that comes while another is alone calls no hook twice, and none beside the other’s', async () => {
    const place = await places.fresh()
    const under = new Map<string, number>()
    const calls: HookCall[] = []
    let most = 0
    const hooks = countingHooks(async (call) => {
      calls.push(call)
      const now = (under.get(call.user) ?? 0) + 1
      under.set(call.user, now)
      most = Math.max(most, now)
      await delay(calls.length % 3 === 0 ? 25 : 3)
      under.set(call.user, now - 1)
    })
    const first = new Loopback()
    const bots = await published(place, first, { hooks })
    const second = new Loopback()
    let other: Awaited<ReturnType<typeof openBots>> | undefined
    const coming = delay(100).then(async () => {
      other = await openBots({
        journal: place.source(),
        understander: anythingCounts,
        hooks,
        onError: () => {},
      })
      other.connect(second, target)
    })
    try {
      for (let n = 0; n < 60; n++) {
        const through = other && n % 2 === 1 ? second : first
        await through.say(`m${n}`, { ids: [`m${n}`] })
      }
      await coming
      await until(() => first.delivered.length + second.delivered.length === 60)
      expect(most).toBe(1)
      expect(calls.map(({ text }) => text)).toEqual(Array.from({ length: 60 }, (_, n) => `m${n}`))
      expect(await transcript(bots)).toEqual(calls.map(({ text }) => text))
    } finally {
      await bots.close()
      await other?.close()
    }
  })

  test('closing does not wait for a hook that never ends: who opens the bots next answers', {
    timeout: 60_000,
  }, async () => {
    const loop = new Loopback()
    const place = await places.fresh()
    const called: string[] = []
    const hooks = countingHooks(({ id }) => {
      called.push(id)
      return called.length === 1 ? new Promise<never>(() => {}) : undefined
    })
    const bots = await published(place, loop, { hooks })
    expect(await loop.say('hello')).toBe('accepted')
    await bots.close()
    expect(loop.delivered).toEqual([])
    await using again = await openBots({
      journal: place.source(),
      understander: anythingCounts,
      hooks,
      onError: () => {},
    })
    again.connect(loop, target)
    await until(() => loop.delivered.length === 1)
    expect(loop.said()).toEqual(['1:hello'])
    expect(new Set(called).size).toBe(1)
  })

  test('a message without a bot is the queue’s, which apologizes; once there is one, it answers', async () => {
    const loop = new Loopback()
    const place = await places.fresh()
    await using bots = await openBots({
      journal: place.source(),
      understander: anythingCounts,
      hooks: countingHooks(),
      onError: () => {},
      retry: { turn: 20, first: 50, longest: 100 },
    })
    bots.connect(loop, target)
    // Without a bot there is an apology, not silence.
    expect(await loop.say('anybody?')).toBe('accepted')
    await until(() => loop.delivered.length === 1)
    expect(loop.said()[0]).toMatch(/something went wrong/)
    await bots.build(counting)
    await bots.publish('Counter', { alias: 'prod' })
    await loop.say('and now?')
    await until(() => loop.delivered.length === 2)
    expect(loop.said()[1]).toBe('1:and now?')
  })
})
