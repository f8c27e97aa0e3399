import { expect, it } from 'vitest'
import type { BotShape } from './bot-shape.ts'
import { changed, formOf, localeOf, newIntent, withIntent, withoutIntent } from './edit-bot.ts'

const prompt = {
  retries: 2,
  selection: 'Ordered' as const,
  groups: [[{ contentType: 'PlainText', content: 'Which?' }]],
  attempts: [[[{ contentType: 'PlainText', content: 'Which one?' }]]],
  card: null,
}
const order = {
  ...newIntent('Order'),
  utterances: ['order', 'buy {title}'],
  slots: [
    {
      name: 'title',
      type: 'Title',
      required: true,
      priority: 1,
      prompt,
      utterances: ['the book {title}'],
      defaults: [],
      multiple: false,
      obfuscated: true,
    },
  ],
  confirmation: {
    prompt,
    rejection: { groups: [[{ contentType: 'PlainText', content: 'No.' }]], card: null },
  },
  closing: { groups: [], card: null },
}
const german = { intents: [], slotTypes: [], threshold: 0.5 }
const bot: BotShape = {
  name: 'Shop',
  sessionTtlSeconds: 300,
  defaultLocale: 'en_US',
  locales: { en_US: { intents: [order], slotTypes: [], threshold: 0.4 }, de_DE: german },
}

it('a form that is not changed changes nothing but the retries it counts', () => {
  const again = changed(order, formOf(order))
  expect(again).toEqual({
    ...order,
    slots: [{ ...order.slots[0], prompt: { ...prompt, retries: 1 } }],
  })
  expect(changed(again, formOf(again))).toEqual(again)
})

it('what the form does not show stays', () => {
  const form = { ...formOf(order), utterances: 'order\n\n  buy it \n', confirmation: ' ' }
  const edited = changed(order, form)
  expect(edited.utterances).toEqual(['order', 'buy it'])
  expect(edited.confirmation).toBeNull()
  expect(edited.closing).toEqual(order.closing)
  expect(edited.slots[0]).toMatchObject({ obfuscated: true, utterances: ['the book {title}'] })
})

it('slots are asked in the order of the form', () => {
  const form = formOf(order)
  const type = { name: 'type', type: 'Type', required: false, prompt: '', retries: '' }
  const { slots } = changed(order, { ...form, slots: [type, ...form.slots] })
  expect(slots.map(({ name, priority }) => [name, priority])).toEqual([
    ['type', 1],
    ['title', 2],
  ])
  expect(slots[0]?.prompt).toBeNull()
})

it('an intent is put in its place, added at the end, or taken away; other languages stay', () => {
  const names = (one: BotShape) => localeOf(one).intents.map(({ name }) => name)
  const more = withIntent(bot, newIntent('Help'))
  expect(names(more)).toEqual(['Order', 'Help'])
  expect(names(withIntent(more, newIntent('Order')))).toEqual(['Order', 'Help'])
  expect(names(withoutIntent(more, 'Order'))).toEqual(['Help'])
  expect(more.locales.de_DE).toBe(bot.locales.de_DE)
})
