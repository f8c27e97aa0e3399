/** A call of a hook in the middle of buying a book; each test changes what it is about. */
import type { HookCall } from '../src/hooks/hook-contract.ts'

export function bookCall(change: Partial<HookCall> = {}): HookCall {
  return {
    id: 'turn-1/1',
    hook: 'validate',
    source: 'DialogCodeHook',
    bot: { name: 'BookShop', alias: 'prod', version: '3', locale: 'en_US' },
    user: 'ada',
    text: 'A Scanner Darkly',
    intent: {
      name: 'BuyBook',
      slots: {
        genre: { original: 'magic', value: 'fantasy', resolved: ['fantasy'] },
        title: { original: 'A Scanner Darkly', value: 'A Scanner Darkly', resolved: [] },
      },
      confirmation: 'None',
      state: 'InProgress',
      eliciting: { type: 'slot', slot: 'title', custom: null },
      attempts: 0,
      confidence: 0.9,
    },
    sessionAttributes: { visits: '2' },
    requestAttributes: { channel: 'web' },
    contexts: [{ name: 'shopping', turnsToLive: 3, expiresAt: 1_090_000, parameters: {} }],
    recentIntents: [],
    interpretations: [
      { name: 'BuyBook', confidence: 0.9 },
      { name: 'Help', confidence: 0.1 },
    ],
    memory: { name: 'Ada' },
    now: 1_000_000,
    next: { type: 'ConfirmIntent' },
    ...change,
  }
}
