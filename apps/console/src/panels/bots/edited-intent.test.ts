import { expect, it } from 'vitest'
import type { BotShape, IntentShape } from './bot-shape.ts'
import { newIntent, withIntent, withoutIntent } from './edit-bot.ts'
import { EditedIntent } from './edited-intent.ts'

const order: IntentShape = { ...newIntent('Order'), utterances: ['order'] }
const bot: BotShape = {
  name: 'Shop',
  sessionTtlSeconds: 300,
  defaultLocale: 'en_US',
  locales: { en_US: { intents: [order, newIntent('Help')], slotTypes: [] } },
}
const theirs = withIntent(bot, { ...order, utterances: ['buy'], dialogHook: 'theirs' })

it('an untouched form follows what others do', () => {
  const edited = new EditedIntent(order)
  edited.found(theirs)
  expect(edited.form.value).toMatchObject({ utterances: 'buy', dialogHook: 'theirs' })
  expect(edited.theirs.value).toBeUndefined()
  expect(edited.isTouched.value).toBe(false)
})

it('what was typed stays, and waits for a choice', () => {
  const edited = new EditedIntent(order)
  edited.put({ utterances: 'get' })
  edited.found(withIntent(bot, newIntent('More')))
  expect(edited.theirs.value).toBeUndefined()
  edited.found(theirs)
  expect(edited.form.value.utterances).toBe('get')
  expect(edited.theirs.value?.intent?.utterances).toEqual(['buy'])
  expect(edited.agrees(theirs)).toBe(false)
  // They took it back.
  edited.found(bot)
  expect(edited.theirs.value).toBeUndefined()
})

it('theirs are taken whole; mine are kept whole', () => {
  const taken = new EditedIntent(order)
  taken.put({ utterances: 'get' })
  taken.found(theirs)
  taken.takeTheirs()
  expect(taken.form.value.utterances).toBe('buy')
  expect(taken.isTouched.value).toBe(false)
  const kept = new EditedIntent(order)
  kept.put({ utterances: 'get' })
  kept.found(theirs)
  kept.keepMine()
  expect(kept.theirs.value).toBeUndefined()
  expect(kept.agrees(theirs)).toBe(true)
  expect(kept.result()).toMatchObject({ utterances: ['get'], dialogHook: null })
})

it('an intent that others deleted is kept as a new one, or not', () => {
  const edited = new EditedIntent(order)
  edited.put({ utterances: 'get' })
  const gone = withoutIntent(bot, 'Order')
  edited.found(gone)
  expect(edited.theirs.value).toEqual({ intent: null })
  edited.keepMine()
  expect(edited.agrees(gone)).toBe(true)
  expect(withIntent(gone, edited.result()).locales.en_US?.intents).toHaveLength(2)
  // Somebody else makes it anew.
  edited.found(theirs)
  expect(edited.theirs.value?.intent?.utterances).toEqual(['buy'])
})

it('a form that is saved begins anew from what was built, with what was typed meanwhile', async () => {
  const edited = new EditedIntent(order)
  edited.put({ utterances: 'get ' })
  const built = await edited.saving(async () => {
    const draft = withIntent(bot, edited.result())
    edited.found(draft)
    expect(edited.theirs.value).toBeUndefined()
    edited.put({ dialogHook: 'mine' })
    return draft
  })
  expect(built).toBeDefined()
  expect(edited.form.value).toMatchObject({ utterances: 'get ', dialogHook: 'mine' })
  edited.found(built as BotShape) // it was built
  expect(edited.theirs.value).toBeUndefined()
})

it('what others did while a save failed is told after it', async () => {
  const edited = new EditedIntent(order)
  edited.put({ utterances: 'get' })
  const refused = edited.saving(() => {
    edited.found(theirs)
    return Promise.reject(new Error('refused'))
  })
  await expect(refused).rejects.toThrow('refused')
  expect(edited.theirs.value?.intent?.utterances).toEqual(['buy'])
})
