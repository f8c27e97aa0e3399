/**
 * A bot service that follows a small script in memory, for tests of what stands in front of it: an order of a type and a book with
 * a confirmation, requests that repeat, and a word for each way to fail. What it does not script it refuses.
 */
import { BotError } from '../../src/bot-error.ts'
import type { Reply } from '../../src/dialogue/effect.ts'
import type { ActiveIntent, Said, Session, SlotValue } from '../../src/dialogue/session.ts'
import type { BotModel } from '../../src/model/bot-model.ts'
import type {
  BotService,
  SessionKey,
  TurnRequest,
  TurnResult,
} from '../../src/service/service-contract.ts'

export interface ScriptedService extends BotService {
  readonly turns: TurnRequest[]
  readonly puts: {
    readonly key: SessionKey
    readonly put: Parameters<BotService['putSession']>[1]
  }[]
}

export function scriptedService(model: BotModel, now: () => number = Date.now): ScriptedService {
  const sessions = new Map<string, Session>()
  const answers = new Map<string, TurnResult>()
  const turns: TurnRequest[] = []
  const puts: { key: SessionKey; put: Parameters<BotService['putSession']>[1] }[] = []
  const keyOf = ({ bot, alias, user }: SessionKey) => JSON.stringify([bot, alias, user])
  const find = (bot: string, alias: string) => {
    if (bot !== model.name) throw new BotError('NOT_FOUND', `there is no bot ${bot}`)
    if (!['$LATEST', 'prod', '1'].includes(alias)) {
      throw new BotError('NOT_FOUND', `${bot} has no alias or version ${alias}`)
    }
    return alias === '$LATEST' ? '$LATEST' : '1'
  }
  const fresh = ({ bot, alias, user }: SessionKey, locale?: string): Session => {
    if (locale !== undefined && model.locales[locale] === undefined) {
      throw new BotError('NOT_FOUND', `${bot} does not speak ${locale}`)
    }
    return {
      format: 1,
      bot,
      version: find(bot, alias),
      alias,
      locale: locale ?? model.defaultLocale,
      user,
      startedAt: now(),
      expiresAt: now() + 300_000,
      ttlSeconds: 300,
      turns: 0,
      attributes: {},
      dialogState: 'ElicitIntent',
      intent: null,
      stack: [],
      recentIntents: [],
      contexts: [],
      misunderstood: 0,
      waiting: null,
      lastSaid: null,
      person: null,
      memory: {},
    }
  }
  const keep = (
    key: SessionKey,
    session: Session,
    said: Said | null,
    requestAttributes: TurnRequest['requestAttributes'] = {},
  ): TurnResult => {
    const kept = { ...session, turns: session.turns + 1, lastSaid: said }
    sessions.set(keyOf(key), kept)
    return {
      turn: `t${turns.length}`,
      session: kept,
      reply: { ...replyOf(kept, said), requestAttributes },
      failure: null,
    }
  }
  const refuse = (): never => {
    throw new Error('this double does not script that')
  }
  return {
    turns,
    puts,
    async turn(request) {
      const repeat = `${keyOf(request)}/${request.requestId}`
      const known = answers.get(repeat)
      if (known) return known
      turns.push(request)
      const failing = failures[request.text]
      if (failing) return failing(fresh(request))
      const before = sessions.get(keyOf(request)) ?? fresh(request, request.locale)
      const set = request.put?.intent ? { ...before, intent: request.put.intent } : before
      const { session, said } = answer(
        {
          ...set,
          attributes: request.sessionAttributes ?? set.attributes,
          contexts: request.contexts ?? set.contexts,
        },
        request.text,
      )
      const result = keep(request, session, said, request.requestAttributes)
      answers.set(repeat, result)
      return result
    },
    async session(key) {
      find(key.bot, key.alias)
      return sessions.get(keyOf(key)) ?? null
    },
    async putSession(key, put) {
      puts.push({ key, put })
      const before = sessions.get(keyOf(key)) ?? fresh(key, put.locale)
      const action = put.action
      const said = action && 'said' in action ? action.said : null
      const states = {
        ElicitIntent: 'ElicitIntent',
        ElicitSlot: 'ElicitSlot',
        ConfirmIntent: 'ConfirmIntent',
      }
      const dialogState =
        action?.type === 'Close'
          ? action.state
          : action && action.type !== 'Delegate'
            ? (states[action.type] as Session['dialogState'])
            : before.dialogState
      const named =
        action && 'intent' in action && action.intent !== undefined
          ? active(
              action.intent,
              { ...action.slots },
              action.type === 'ElicitSlot' ? action.slot : null,
            )
          : (put.intent ?? before.intent)
      return keep(
        key,
        {
          ...before,
          dialogState,
          intent: named,
          attributes: put.attributes ?? before.attributes,
          contexts: put.contexts ?? before.contexts,
          recentIntents: put.recentIntents ?? before.recentIntents,
        },
        said,
        put.requestAttributes,
      )
    },
    async deleteSession(key) {
      find(key.bot, key.alias)
      return sessions.delete(keyOf(key))
    },
    async model(bot, alias) {
      return { model, version: find(bot, alias) }
    },
    build: refuse,
    publish: refuse,
    release: refuse,
    setAlias: refuse,
    deleteAlias: refuse,
    bots: refuse,
    versions: refuse,
    aliases: refuse,
    deleteBot: refuse,
    connect: refuse,
    receive: refuse,
    conversations: refuse,
    transcript: refuse,
    replay: refuse,
    takeOver: refuse,
    say: refuse,
    handBack: refuse,
    forget: refuse,
    watch: refuse,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
}

const failures: Readonly<Record<string, (session: Session) => Promise<TurnResult>>> = {
  'hook fails': async (session) => ({
    turn: 't',
    session,
    reply: null,
    failure: { code: 'HOOK_FAILED', message: 'the hook validate took longer than 30 s' },
  }),
  'no message': async (session) => ({
    turn: 't',
    session,
    reply: null,
    failure: { code: 'BAD_REQUEST', message: 'there is no usable message' },
  }),
  flood: async () => Promise.reject(new BotError('LIMIT', 'too many turns are waiting')),
  race: async () => Promise.reject(new BotError('CONFLICT', 'the session moved on')),
  away: async () => Promise.reject(new BotError('UNAVAILABLE', 'the database is away')),
  broken: async () => Promise.reject(new Error('secret inside')),
  slow: async (session) => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    return { turn: 't', session, reply: replyOf(session, say('at last')), failure: null }
  },
}

function answer(session: Session, text: string): { session: Session; said: Said } {
  const { intent, dialogState } = session
  if (intent === null || dialogState === 'Fulfilled' || dialogState === 'Failed') {
    if (!/order/i.test(text)) {
      return { session: { ...session, dialogState: 'ElicitIntent' }, said: say('Sorry?') }
    }
    const begun = active('OrderBook', { bookType: null, bookName: null }, 'bookType')
    const asked = {
      ...session,
      intent: { ...begun, confidence: 0.9 },
      dialogState: 'ElicitSlot',
    } as const
    return { session: asked, said: say('Which type? „Märchen“?') }
  }
  if (dialogState === 'ConfirmIntent') {
    const done = {
      ...intent,
      confirmation: 'Confirmed',
      state: 'Fulfilled',
      eliciting: null,
    } as const
    return {
      session: { ...session, intent: done, dialogState: 'Fulfilled' },
      said: say('Thanks for purchasing book.'),
    }
  }
  const slot = intent.slots.bookType ? 'bookName' : 'bookType'
  const value: SlotValue = {
    original: text,
    value: text.toLowerCase(),
    resolved: [text.toLowerCase()],
  }
  const slots = { ...intent.slots, [slot]: value }
  if (slot === 'bookType') {
    return {
      session: {
        ...session,
        intent: { ...active(intent.name, slots, 'bookName'), confidence: null },
      },
      said: cards,
    }
  }
  return {
    session: {
      ...session,
      dialogState: 'ConfirmIntent',
      intent: { ...intent, slots, eliciting: { type: 'confirm', byHook: false, custom: null } },
    },
    said: {
      messages: [
        { contentType: 'PlainText', content: `Purchase ${value.value}?` },
        { contentType: 'SSML', content: '<speak>Sure?</speak>' },
      ],
      card: null,
    },
  }
}

const cards: Said = {
  messages: [{ contentType: 'PlainText', content: 'Which book?' }],
  card: {
    attachments: [
      { title: 'Books', subTitle: 'in stock', buttons: [{ text: 'Twilight', value: 'twilight' }] },
    ],
  },
}

function say(content: string): Said {
  return { messages: [{ contentType: 'PlainText', content }], card: null }
}

function active(
  name: string,
  slots: Readonly<Record<string, SlotValue | null>>,
  slot: string | null,
): ActiveIntent {
  return {
    name,
    slots,
    confirmation: 'None',
    state: 'InProgress',
    eliciting: slot === null ? null : { type: 'slot', slot, custom: null },
    attempts: 0,
    confidence: null,
  }
}

function replyOf(session: Session, said: Said | null): Reply {
  const eliciting = session.intent?.eliciting
  return {
    dialogState: session.dialogState,
    intent: session.intent,
    slotToElicit: eliciting?.type === 'slot' ? eliciting.slot : null,
    said,
    messageFormat: said && said.messages.length > 1 ? 'Composite' : said ? 'PlainText' : null,
    interpretations: [
      { name: 'OrderBook', confidence: 0.9 },
      { name: 'Help', confidence: 0.3 },
    ],
    sessionAttributes: session.attributes,
  }
}
