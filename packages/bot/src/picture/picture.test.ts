import { describe, expect, it } from 'vitest'
import { compileBot } from '../model/compile-bot.ts'
import { drawBot } from './draw-bot.ts'
import { drawConversation } from './draw-conversation.ts'
import { escaped } from './drawing.ts'

const hostile = '<script>alert("1")</script>\u0000 & \ud800'
const { model } = compileBot({
  name: 'PurchaseBook',
  intents: {
    OrderBook: {
      utterances: ['I want to order some books', 'order a book'],
      slots: {
        bookType: { type: 'AMAZON.Genre', prompt: hostile },
        note: { type: 'AMAZON.FreeFormInput', required: false },
      },
      confirm: { prompt: 'Sure?', rejection: 'Okay.' },
      dialogHook: 'validate',
      fulfil: 'order',
    },
    Fallback: { fallback: true, closing: 'Sorry' },
  },
})

describe('pictures', () => {
  it('show intents, slots in order, confirmation, hooks, fulfilment and fallback', () => {
    const svg = drawBot(model)
    for (const words of [
      'OrderBook',
      '1. bookType',
      'Yes or no',
      'hook validate',
      '>order<',
      'Fallback',
      'not asked for: note',
    ]) {
      expect(svg).toContain(words)
    }
    expect(svg).toMatch(/role="img" aria-labelledby="bot-title bot-desc"/)
    expect(svg).toContain('prefers-color-scheme: dark')
    expect(drawBot(model, { current: { intent: 'OrderBook', slot: 'bookType' } })).toContain(
      'class="slot now"',
    )
    expect(() => drawBot(model, { locale: 'xx_XX' })).toThrow(/en_US/)
  })

  it('hold what users wrote as text', () => {
    const svg = drawBot(model)
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;script&gt;')
    expect(svg.includes('\u0000') || svg.includes('\ud800')).toBe(false)
    expect(escaped(`'"<>&`)).toBe('&#39;&quot;&lt;&gt;&amp;')
    const talk = drawConversation([
      {
        turn: 't',
        at: 0,
        version: '1',
        text: hostile,
        reply: null,
        failure: { code: 'HOOK_FAILED', message: hostile },
        events: [],
        effects: [{ type: 'note', name: hostile, detail: '' }],
        took: { understanding: 0, hooks: [] },
        from: 'user',
      },
    ])
    expect(talk).not.toContain('<script')
    expect(talk).toContain('HOOK_FAILED')
  })
})
