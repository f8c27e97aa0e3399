/** The bot: what users say, what it asks, and the two handlers that it calls. */
import { type BotDefinition, defineBot, type LambdaRef, lambda } from '@typestead/bot'

const file = (name: string) => lambda(new URL(`./hooks/${name}.cjs`, import.meta.url))

/** @param hooks other handlers in the place of those beside this file */
export function purchaseBook(
  hooks: { readonly validate: LambdaRef; readonly order: LambdaRef } = {
    validate: file('validate-book'),
    order: file('order-book'),
  },
): BotDefinition {
  return defineBot({
    name: 'PurchaseBook',
    sessionTtlSeconds: 300,
    slotTypes: {
      BookType: { values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }, 'biography'] },
    },
    intents: {
      OrderBook: {
        utterances: [
          'I want to order some books',
          'Can you please order a book for me',
          'order a {bookType} book',
        ],
        slots: {
          bookType: {
            type: 'BookType',
            priority: 1,
            prompt: ['what type of book you want to buy?'],
          },
          bookName: {
            type: 'AMAZON.Book',
            priority: 2,
            prompt: ['Which book is it to be?'],
          },
        },
        confirm: {
          prompt: ['Are you sure you want to purchase book named {bookName}?'],
          rejection: ['Okay, nothing is ordered.'],
        },
        dialogHook: hooks.validate,
        fulfil: hooks.order,
      },
    },
    clarification: {
      prompt: ['Sorry, I did not get that.'],
      retries: ['I sell books: try "order a book".', 'One more try: what may I order for you?'],
    },
    abort: ['I am sorry, I can not help with that. Goodbye.'],
  })
}
