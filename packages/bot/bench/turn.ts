/** The step alone: the conversation of a book order again and again, its session as it is or through JSON after every event. */
import type { BenchMaker } from '../../../bench/measure.ts'
import type { DialogueEvent } from '../src/dialogue/dialogue-event.ts'
import { newSession } from '../src/dialogue/new-session.ts'
import type { Session } from '../src/dialogue/session.ts'
import { step } from '../src/dialogue/step.ts'
import { compileBot } from '../src/model/compile-bot.ts'

const rounds = 20_000

const { model } = compileBot({
  name: 'PurchaseBook',
  slotTypes: { BookType: { values: ['fiction', 'fantasy'], resolve: 'top' } },
  intents: {
    OrderBook: {
      utterances: ['I want to order some books'],
      slots: {
        bookType: { type: 'BookType', prompt: 'What type?' },
        bookName: { type: 'AMAZON.Book', prompt: 'Which book?' },
      },
      confirm: { prompt: 'Are you sure you want to purchase {bookName}?', rejection: 'Okay.' },
    },
  },
})
const words = ['I want to order some books', 'fiction', 'twilight', 'yes']
const events: DialogueEvent[] = words.map((text, i) => ({
  type: 'said',
  now: 1e12 + i,
  seed: i,
  turn: `t${i}`,
  text,
  understanding: {
    intents: i === 0 ? [{ name: 'OrderBook', confidence: 1 }] : [],
    entities: [],
    source: 'given',
    degraded: null,
  },
  requestAttributes: {},
}))
const first = newSession({
  bot: model,
  version: '1',
  alias: 'prod',
  locale: 'en_US',
  user: 'ann',
  now: 1e12,
})

export const bench: BenchMaker = () => ({
  operations: rounds * events.length,
  run: () => played((session) => session),
})

/** As a store that keeps sessions as text makes it. */
export const throughJson: BenchMaker = () => ({
  operations: rounds * events.length,
  run: () => played((session) => JSON.parse(JSON.stringify(session)) as Session),
})

function played(kept: (session: Session) => Session): string {
  const locale = model.locales.en_US
  if (!locale) throw new Error('the bot has no en_US')
  let state = ''
  for (let round = 0; round < rounds; round++) {
    let session = first
    for (const event of events) session = kept(step(locale, session, event).session)
    state = session.dialogState
  }
  return state
}
