/**
 * The bot of the kill tests, and words that take each of the ways in which a turn is kept: `word-…` is counted by a hook, `order-…` too
 * and written down in the transaction that keeps the turn, `slow-…` is understood after more than a moment, `echo-…` needs no hook.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BotDefinition } from '../../src/model/define-bot.ts'
import type { Understander } from '../../src/understanding/understanding.ts'

export const kinds = ['order', 'echo', 'word', 'slow', 'echo'] as const

export const bot: BotDefinition = {
  name: 'Counter',
  sessionTtlSeconds: 300,
  slotTypes: { Word: { values: ['echo'], resolve: 'original' } },
  intents: {
    Count: { utterances: ['count', 'count on'], fulfil: 'count' },
    Echo: {
      utterances: ['echo {word}', 'say {word}'],
      slots: { word: { type: 'Word', prompt: 'Which word?' } },
      closing: '-:{word}',
    },
  },
}

export const understander: Understander = {
  async understand({ text }) {
    if (text.startsWith('slow')) await sleep(60)
    const isEcho = text.startsWith('echo')
    const word = { entity: 'word', value: text, start: 0, end: text.length, confidence: 1 }
    return {
      intents: [
        { name: isEcho ? 'Echo' : 'Count', confidence: 1 },
        { name: isEcho ? 'Count' : 'Echo', confidence: 0 },
      ],
      entities: isEcho ? [word] : [],
      source: 'given',
      degraded: null,
    }
  },
}

/** The answers to words, in the order in which they were said. */
export function answersTo(words: readonly string[]): string[] {
  let n = 0
  return words.map((word) => (word.startsWith('echo') ? `-:${word}` : `${++n}:${word}`))
}
