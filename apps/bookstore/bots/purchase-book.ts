/**
 * PurchaseBook: sells the books of the catalogue. Titles and genres come from the entities, so a book that is added is
 * understood at once; the order and the conversation that asked for it are kept in one transaction, or neither is.
 */
import { type BotDefinition, defineBot } from '@typestead/bot'
import type { Database } from '@typestead/store'
import { genres } from '../entities/book.ts'
import { customerOf, findBook, orderCopy } from './shop-orders.ts'

export function purchaseBook(db: Database): BotDefinition {
  return defineBot({
    name: 'PurchaseBook',
    description: 'Sells books of the catalogue.',
    sessionTtlSeconds: 300,
    slotTypes: {
      BookType: { values: genres.map((genre) => ({ value: genre })), resolve: 'original' },
      BookTitle: { vocabulary: 'bookName', resolve: 'original' },
    },
    intents: {
      OrderBook: {
        description: 'Order one copy of a book.',
        utterances: [
          'I want to order some books',
          'can you please order a book for me',
          'I want to buy a book',
          'I would like to order a book',
          'buy a book',
          'order a {bookType} book',
          'I am looking for a {bookType} book',
          'I want to order {bookName}',
          'please order {bookName}',
          'buy {bookName}',
          'I would like to buy {bookName}',
        ],
        slots: {
          bookType: {
            type: 'BookType',
            prompt: 'What type of book do you want to buy?',
            retries: [
              `For instance ${genres.slice(0, 3).join(', ')}. What type of book do you want to buy?`,
              'Please name a type of book, such as fantasy.',
            ],
            selection: 'ordered',
          },
          bookName: {
            type: 'BookTitle',
            prompt: 'Which book do you want to buy?',
            retries: ['What is the title of the book?', 'Please name one book, such as Twilight.'],
            selection: 'ordered',
          },
        },
        confirm: {
          prompt: 'Are you sure you want to purchase book named {bookName}?',
          rejection: 'Okay, I will not order it.',
        },
        async dialogHook(turn) {
          const { bookName } = turn.slots
          if (bookName === null) return turn.delegate()
          const book = await findBook(db, bookName)
          if (book === null) {
            return turn.elicitSlot(
              'bookName',
              `We do not have book: ${bookName}. Please name another one, for example Twilight.`,
            )
          }
          if (book.stock === 0) {
            return turn.elicitSlot('bookName', `No copy of ${book.title} is left. Which other one?`)
          }
          return turn.delegate()
        },
        async fulfil(turn) {
          const book = await findBook(db, turn.slots.bookName ?? '')
          if (book === null || book.stock === 0) {
            return turn.close('That book has just been sold out.', { state: 'Failed' })
          }
          const customer = await customerOf(db, turn.requestAttributes.userId)
          turn.inTransaction(db, (tx) =>
            orderCopy(tx, { book: book.id, customer, asker: turn.user }),
          )
          turn.remember({ lastBook: book.title })
          return turn.close('Thanks for purchasing book.')
        },
      },
      Help: {
        builtin: 'AMAZON.HelpIntent',
        fulfil: (turn) => {
          const last = turn.memory.lastBook
          const before = last === undefined ? '' : ` Last time you took ${last}.`
          return turn.close(`I order books for you: say "I want to order some books".${before}`)
        },
      },
    },
    clarification: {
      prompt: 'Sorry, what can I do for you?',
      retries: [
        'You can say: I want to order some books.',
        'I only sell books. Say "order a book" to begin.',
      ],
      selection: 'ordered',
    },
    abort: 'I could not follow. Please call the shop, or try again later.',
  })
}
