/** A small shop's bot and how a test asks about its sentences. */
import { compileBot } from '../src/model/compile-bot.ts'
import { defineBot } from '../src/model/define-bot.ts'
import type { UnderstandRequest } from '../src/understanding/understanding.ts'

export const bookShop = compileBot(
  defineBot({
    name: 'BookShop',
    slotTypes: {
      Genre: { values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }], resolve: 'top' },
      Title: { vocabulary: 'Book.title' },
    },
    intents: {
      BuyBook: {
        utterances: ['I want to buy a book', 'get me a {genre} novel', 'order {title}'],
        slots: {
          genre: { type: 'Genre', priority: 1, prompt: ['What kind?'] },
          title: { type: 'Title', priority: 2, prompt: ['Which one?'] },
        },
        fulfil: 'return',
      },
      Hours: { utterances: ['when are you open', 'opening hours'], fulfil: 'return' },
    },
    clarification: { prompt: ['Pardon?'] },
    abort: ['Bye.'],
  }),
).model

export function asked(text: string, change: Partial<UnderstandRequest> = {}): UnderstandRequest {
  return {
    text,
    model: bookShop,
    version: '1',
    locale: 'en_US',
    contexts: [],
    eliciting: null,
    now: Date.UTC(2026, 0, 5),
    timeZone: 'UTC',
    signal: new AbortController().signal,
    ...change,
  }
}
