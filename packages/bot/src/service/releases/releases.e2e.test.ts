import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks } from '../../../test/counting-bot.ts'
import { databases, type Place, type Places, until } from '../../../test/databases.ts'
import { hookRegistry } from '../../hooks/hook-registry.ts'
import { type BotDefinition, defineBot } from '../../model/define-bot.ts'
import type { BotsOptions } from '../bots-options.ts'
import { openBots } from '../open-bots.ts'
import type { BotService, Happening } from '../service-contract.ts'

const prod = { alias: 'prod' }

describe.each(databases)('bots that stand in code, on $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  function open(place: Place, options: Partial<BotsOptions> = {}): Promise<BotService> {
    return openBots({
      journal: place.source(),
      understander: anythingCounts,
      hooks: countingHooks(),
      onError: () => {},
      ...options,
    })
  }

  const versionOf = async (bots: BotService) => (await bots.aliases('Counter'))[0]

  test('what people publish under the alias stays until the code says something else', async () => {
    const place = await places.fresh()
    await using bots = await open(place)
    expect(await bots.release(counting, prod)).toMatchObject({ version: '1', state: 'released' })
    expect(await bots.release(counting, prod)).toMatchObject({ version: '1', state: 'same' })

    await bots.build({ ...counting, description: 'made in the console' })
    await bots.publish('Counter', prod)
    expect(await versionOf(bots)).toMatchObject({ version: '2', released: '1' })
    await using again = await open(place)
    expect(await again.release(counting, prod)).toMatchObject({ version: '2', state: 'changed' })
    expect((await again.model('Counter', '$LATEST')).model.description).toBe('made in the console')

    const changed = { ...counting, description: 'another' }
    expect(await again.release(changed, prod)).toMatchObject({
      version: '3',
      state: 'released',
      replaced: '2',
    })
    expect(await versionOf(again)).toMatchObject({ version: '3', released: '3' })
    // What was there before is a version still: the alias can go back to it, and stays there.
    await again.setAlias('Counter', 'prod', '2')
    expect(await again.release(changed, prod)).toMatchObject({ version: '2', state: 'changed' })
  })

  test('a bot or an alias that was deleted is there again at the next start', async () => {
    await using bots = await open(await places.fresh())
    await bots.release(counting, prod)
    await bots.deleteAlias('Counter', 'prod')
    expect(await bots.release(counting, prod)).toMatchObject({ version: '1', state: 'released' })
    await bots.deleteBot('Counter')
    expect(await bots.release(counting, prod)).toMatchObject({ version: '2', state: 'released' })
  })

  test('each alias has its own release, and bots that no code released have none', async () => {
    await using bots = await open(await places.fresh())
    await bots.release(counting, prod)
    await bots.release({ ...counting, description: 'next' }, { alias: 'test' })
    await bots.publish('Counter', { alias: 'mine' })
    const aliases = await bots.aliases('Counter')
    expect(aliases.map(({ alias, released }) => [alias, released])).toEqual([
      ['mine', null],
      ['prod', '1'],
      ['test', '2'],
    ])
    expect((await bots.bots())[0]?.aliases).toEqual(aliases)
  })

  test('hooks of a definition that changes nothing are there all the same', async () => {
    const place = await places.fresh()
    const talking = (bot: string): BotDefinition =>
      defineBot({
        name: bot,
        intents: { Talk: { utterances: ['talk'], fulfil: (turn) => turn.close(`I am ${bot}`) } },
      })
    const answers = async () => {
      await using hooks = hookRegistry()
      await using bots = await open(place, { hooks })
      const said = []
      for (const bot of ['One', 'Two']) await bots.release(talking(bot), prod)
      for (const bot of ['One', 'Two']) {
        const { reply } = await bots.turn({ bot, ...prod, user: 'ann', text: 'talk' })
        said.push(reply?.said?.messages[0]?.content)
      }
      return said
    }
    // Both have an intent of one name in one registry, and each calls its own hook.
    expect(await answers()).toEqual(['I am One', 'I am Two'])
    expect(await answers()).toEqual(['I am One', 'I am Two'])
  })

  test('changes of bots in another process reach who watches, and what changes nothing does not', async () => {
    const place = await places.fresh()
    await using here = await open(place)
    // A clock that is an hour behind hides nothing.
    await using there = await open(place, { now: () => Date.now() - 3_600_000 })
    await here.build(counting)
    const seen: Happening[] = []
    const own: Happening[] = []
    there.watch((happening) => own.push(happening))
    here.watch((happening) => seen.push(happening))
    // From the first look on, what bots there are is known.
    for (let n = 0; seen.length === 0; n++) {
      await there.build({ ...counting, description: String(n) })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const changes: (() => Promise<unknown>)[] = [
      () => there.build({ ...counting, description: 'x' }),
      () => there.publish('Counter', prod),
      () => there.publish('Counter'),
      () => there.setAlias('Counter', 'test', '1'),
      () => there.deleteAlias('Counter', 'test'),
      () => there.deleteBot('Counter'),
    ]
    const told: boolean[] = []
    for (const change of changes) {
      const before = { seen: seen.length, own: own.length }
      await change()
      told.push(own.length > before.own)
      if (own.length > before.own) await until(() => seen.length > before.seen)
    }
    expect(told).toEqual([true, true, false, true, true, true])
    for (const one of [...seen, ...own]) expect(one).toEqual({ type: 'bot', bot: 'Counter' })
  })
})
