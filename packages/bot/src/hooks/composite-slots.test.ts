import { expect, it } from 'vitest'
import { bookCall } from '../../test/book-call.ts'
import type { SlotValue } from '../dialogue/session.ts'
import { composed, elicited, partToElicit } from './composite-slots.ts'
import { readV2Answer } from './lambda-v2.ts'
import { v2Event } from './lambda-v2-event.ts'

const value = (text: string): SlotValue => ({ original: text, value: text, resolved: [text] })
const slots = { 'who.first': value('Ada'), 'who.last': null, city: value('London') }
const plain = ({ value: text }: SlotValue) => text
const call = bookCall({ intent: { ...bookCall().intent, slots } })
const read = (intent: object, action: object = { type: 'Delegate' }) =>
  readV2Answer(
    { sessionState: { intent: { name: 'BuyBook', ...intent }, dialogAction: action } },
    call,
    () => {},
  ).action

it('tells the parts of a composite slot together, and nothing of one that is empty', () => {
  expect(composed(slots, plain)).toEqual({
    who: {
      shape: 'Composite',
      value: { originalValue: 'Ada', interpretedValue: 'Ada', resolvedValues: ['Ada'] },
      subSlots: { first: 'Ada', last: null },
    },
    city: 'London',
  })
  expect(composed({ 'who.first': null, 'who.last': null }, plain)).toEqual({ who: null })
  // V1's names may have periods beside a slot of that name.
  expect(composed({ a: null, 'a.b': value('x') }, plain)).toEqual({ a: null, 'a.b': 'x' })
})

it('names the part that is asked for', () => {
  expect(elicited('who.last', slots)).toEqual({
    slotToElicit: 'who',
    subSlotToElicit: { name: 'last' },
  })
  expect(elicited('city', slots)).toEqual({ slotToElicit: 'city' })
  expect(partToElicit('who', slots)).toBe('who.last')
  expect(partToElicit('city', slots)).toBeUndefined()
})

it('a handler of V2 gets them so, and gives them back so', () => {
  const event = JSON.parse(
    JSON.stringify(v2Event({ ...call, next: { type: 'ElicitSlot', slot: 'who.last' } })),
  )
  expect(event.proposedNextState.dialogAction).toEqual({
    type: 'ElicitSlot',
    slotToElicit: 'who',
    subSlotToElicit: { name: 'last' },
  })
  expect(event.sessionState.intent.slots.who).toMatchObject({
    shape: 'Composite',
    subSlots: { first: { shape: 'Scalar', value: { interpretedValue: 'Ada' } }, last: null },
  })
  expect(read({ slots: event.sessionState.intent.slots })).toMatchObject({ slots })
  expect(read({ slots: { who: null, city: null } })).toMatchObject({
    slots: { 'who.first': null, 'who.last': null, city: null },
  })
  const ask = (action: object) => read({}, { type: 'ElicitSlot', slotToElicit: 'who', ...action })
  expect(ask({})).toMatchObject({ slot: 'who.last' })
  expect(ask({ subSlotToElicit: { name: 'first' } })).toMatchObject({ slot: 'who.first' })
  expect(() => ask({ subSlotToElicit: { name: 'middle' } })).toThrow(
    /slotToElicit: got "who.middle"; allowed: the slots of BuyBook: who.first, who.last, city/,
  )
  expect(() => read({ slots: { who: { subSlots: { middle: null } } } })).toThrow(/who\.middle/)
})
