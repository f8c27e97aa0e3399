import { type BotDefinition, defineBot } from '@typestead/bot'
import {
  defineModel,
  describe as describeModel,
  diff,
  Entity,
  type EntityLike,
  id,
  int,
  type Model,
  string,
} from '@typestead/entity'
import { describe, expect, it } from 'vitest'
import { buildPlan, refusals } from './build-plan.ts'
import { slotTypeConsumer } from './slot-type-consumer.ts'

class Before extends Entity('Book', { id: id(), title: string() }) {}
class Renamed extends Entity('Book', { id: id(), name: string().was('title') }) {}
class Gone extends Entity('Book', { id: id() }) {}
class Counted extends Entity('Book', { id: id(), title: int() }) {}
class Secret extends Entity('Book', { id: id(), title: string().secret() }) {}
class Novel extends Entity('Novel', { id: id(), title: string() }, { was: 'Book' }) {}
class Other extends Entity('Other', { id: id() }) {}

const selling = (slotType: NonNullable<BotDefinition['slotTypes']>[string]) =>
  defineBot({
    name: 'Seller',
    slotTypes: { Title: slotType },
    intents: { Buy: { utterances: ['buy'], slots: { title: { type: 'Title', prompt: '?' } } } },
  })

async function plan(
  after: Model,
  definitions: readonly BotDefinition[] | Error,
  vocabulary?: { readonly entity: EntityLike; readonly field: string },
) {
  const before = describeModel(defineModel({ Book: Before }))
  const described = describeModel(after)
  const context = { before, after: described, changes: diff(before, described), model: after }
  const nlu = { projects: {}, ...(vocabulary ? { vocabularies: { bookName: vocabulary } } : {}) }
  const consumer = slotTypeConsumer({ nlu }, async () => {
    if (definitions instanceof Error) throw definitions
    return definitions
  })
  const made = await buildPlan(context, [consumer])
  const allowed = { allowLoss: true, allowBreaking: true }
  const refused = refusals(made, allowed).filter(({ summary }) => summary.startsWith('Slot types'))
  return {
    summaries: made.parts.map(({ severity, summary }) => `${severity}: ${summary}`),
    refused,
  }
}

describe('slot types in a plan', () => {
  it('that read a field which is renamed, gone, no text or secret now, are refused with what to write', async () => {
    const old = [selling({ entity: Renamed, field: 'title' })]
    const renamed = await plan(defineModel({ Book: Renamed }), old)
    expect(renamed.summaries).toEqual([
      'blocked: the slot type Title of Seller reads Book.title, which is Book.name now',
    ])
    expect(renamed.refused).toEqual([
      {
        reason: 'blocked',
        summary:
          'Slot types: the slot type Title of Seller reads Book.title, which is Book.name now',
        advice: `write field: 'name' at Seller: slotTypes.Title`,
      },
    ])
    for (const [model, reason] of [
      [defineModel({ Book: Gone }), 'which is gone'],
      [defineModel({ Book: Counted }), 'which is no text that may be seen any more'],
      [defineModel({ Book: Secret }), 'which is no text that may be seen any more'],
      [defineModel({ Other }), 'which is gone'],
    ] as const) {
      const { refused, summaries } = await plan(model, [
        selling({ entity: 'Book', field: 'title' }),
      ])
      expect(summaries).toEqual([
        `blocked: the slot type Title of Seller reads Book.title, ${reason}`,
      ])
      expect(refused).toHaveLength(1)
    }
    const moved = await plan(defineModel({ Novel }), [selling({ entity: 'Book', field: 'title' })])
    expect(moved.summaries).toEqual([
      'blocked: the slot type Title of Seller reads Book.title, which is Novel now',
    ])
  })

  it('that follow the new name are shown, and those that nothing touches are not', async () => {
    const follows = [selling({ entity: Renamed, field: 'name' })]
    expect(await plan(defineModel({ Book: Renamed }), follows)).toEqual({
      summaries: ['safe: the slot type Title of Seller reads Book.name, which was Book.title'],
      refused: [],
    })
    const novel = await plan(defineModel({ Novel }), [selling({ entity: Novel, field: 'title' })])
    expect(novel.summaries).toEqual([
      'safe: the slot type Title of Seller reads Novel.title, which was Book.title',
    ])
    const same = [selling({ entity: Before, field: 'title' })]
    expect(await plan(defineModel({ Book: Before, Other }), same)).toMatchObject({ summaries: [] })
  })

  it('are shown with the vocabulary through which they read', async () => {
    const through = [selling({ vocabulary: 'bookName' })]
    const book = defineModel({ Book: Renamed })
    expect((await plan(book, through, { entity: Renamed, field: 'title' })).summaries).toEqual([
      'blocked: the vocabulary bookName reads Book.title, which is Book.name now',
      'blocked: the slot type Title of Seller reads Book.title, which is Book.name now',
    ])
    expect((await plan(book, through, { entity: Renamed, field: 'name' })).summaries).toEqual([
      'safe: the vocabulary bookName reads Book.name, which was Book.title',
      'safe: the slot type Title of Seller reads Book.name, which was Book.title',
    ])
  })

  it('of bots that cannot be asked are told of, where something changes', async () => {
    const away = new Error('relation "book" does not exist')
    expect((await plan(defineModel({ Book: Renamed }), away)).summaries).toEqual([
      'dangerous: the bots could not be asked what their slot types read: relation "book" does not exist',
    ])
    expect((await plan(defineModel({ Book: Before }), away)).summaries).toEqual([])
  })
})
