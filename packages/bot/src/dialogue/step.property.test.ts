/** Random conversations, hostile hooks included: never a throw, never a slot lost but by rule, always small JSON, always the same bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { understandByWords } from '../../test/talk.ts'
import type { HookAction, HookResult } from '../hooks/hook-contract.ts'
import { compileBot } from '../model/compile-bot.ts'
import type { DialogueEvent } from './dialogue-event.ts'
import type { StepResult } from './effect.ts'
import { newSession } from './new-session.ts'
import type { Said, Session } from './session.ts'
import { step } from './step.ts'

const { model } = compileBot({
  name: 'Anything',
  slotTypes: {
    Kind: { values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }], resolve: 'top' },
    Loose: { values: ['big', 'small'] },
    Code: { pattern: '[A-Z]{2}\\d{2}' },
  },
  intents: {
    Order: {
      utterances: ['order', 'order {title}', 'a {kind} one'],
      slots: {
        kind: { type: 'Kind', prompt: 'Kind?', retries: ['Kind again?'] },
        title: { type: 'AMAZON.Book', prompt: 'Title of {kind}?', utterances: ['it is {title}'] },
        when: { type: 'AMAZON.Date', prompt: 'When?' },
        tags: { type: 'Loose', multiple: true, required: false, ask: true, prompt: 'Tags?' },
      },
      confirm: { prompt: ['Sure about {title}?', 'Really {title}?'], rejection: 'No then.' },
      dialogHook: 'dialog',
      fulfil: 'do',
      contexts: { output: ['ordered'] },
    },
    Hours: { utterances: ['hours'], closing: 'Nine.' },
    Code: {
      utterances: ['code'],
      slots: { code: { type: 'Code', prompt: 'Code?' } },
      failure: 'Broken.',
      fulfil: 'do',
      followUp: { prompt: 'More?', rejection: 'Bye.' },
      contexts: { input: ['ordered'] },
    },
    Help: { builtin: 'AMAZON.HelpIntent', fulfil: 'do' },
    ...{ Cancel: { builtin: 'AMAZON.CancelIntent' } },
  },
})
const locale = model.locales.en_US as NonNullable<(typeof model.locales)[string]>
const intents = [...locale.intents.map(({ name }) => name), 'Nope', '__proto__']
const slotNames = ['kind', 'title', 'when', 'tags', 'code', 'nope', '__proto__', 'constructor']

const words = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'order',
      'order twilight',
      'a magic one',
      'fiction',
      'fantasi',
      'twilight',
      'tomorrow',
      'next week',
      'big and small',
      'yes',
      'yes, change the kind to fiction',
      'yes please',
      'no',
      'no, I meant fiction',
      'no thanks',
      'cancel',
      'repeat',
      'talk to a person',
      'skip',
      'hours',
      'code',
      'AB12',
      'help',
      'hm',
      '',
      '   ',
      '!?',
      'change the title to dune',
      'actually the hobbit',
      '__proto__',
      '{title}',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 80, unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('x'.repeat(5000), ', '.repeat(600), '\ud800', 'no '.repeat(400)),
  },
)
const said: fc.Arbitrary<Said | null> = fc.option(
  fc.record({
    messages: fc.array(
      fc.record({
        contentType: fc.constant('PlainText' as const),
        content: fc.oneof(fc.string(), fc.constant('y'.repeat(9000))),
      }),
      { maxLength: 20 },
    ),
    card: fc.constant(null),
  }),
)
const value = fc.option(
  fc.oneof(
    fc.string({ maxLength: 30 }).map((text) => ({ original: text, value: text, resolved: [text] })),
    fc.constant({ original: 'z'.repeat(3000), value: 'z', resolved: [] }),
  ),
)
const slots = fc
  .array(fc.tuple(fc.constantFrom(...slotNames), value), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries))
const attributes = fc.oneof(
  fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 20 }), { maxKeys: 4 }),
  fc.constant({ big: 'w'.repeat(30_000) }),
)
const intent = fc.constantFrom(...intents)
const action: fc.Arbitrary<HookAction> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ type: 'Delegate' as const }) },
  fc.record({ type: fc.constant('Delegate' as const), intent, slots }),
  fc.record({ type: fc.constant('ElicitIntent' as const), said }),
  fc.record({
    type: fc.constant('ElicitSlot' as const),
    intent,
    slots,
    slot: fc.constantFrom(...slotNames),
    said,
  }),
  fc.record({ type: fc.constant('ConfirmIntent' as const), intent, slots, said }),
  fc.record({
    type: fc.constant('Close' as const),
    state: fc.constantFrom('Fulfilled' as const, 'Failed' as const, 'ReadyForFulfillment' as const),
    said,
  }),
)
const result: fc.Arbitrary<HookResult> = fc.oneof(
  {
    weight: 4,
    arbitrary: action.map((chosen) => ({ ok: true as const, answer: { action: chosen } })),
  },
  fc.record({
    ok: fc.constant(true as const),
    answer: fc.record({
      action,
      sessionAttributes: attributes,
      remember: fc.dictionary(
        fc.string({ maxLength: 4 }),
        fc.option(fc.string({ maxLength: 2000 })),
        { maxKeys: 3 },
      ),
    }),
  }),
  fc.constant({
    ok: false as const,
    error: { code: 'THROWN' as const, message: 'm'.repeat(5000) },
  }),
)
type Move =
  | { kind: 'said'; text: string; guess: string; confidence: number; degraded: boolean }
  | { kind: 'hook'; result: HookResult; stray: boolean }
  | { kind: 'put'; action: HookAction; attributes: Record<string, string> }
  | { kind: 'person' | 'back' | 'speak' | 'wait' }
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('said' as const),
      text: words,
      guess: intent,
      confidence: fc.constantFrom(0, 0.3, 0.6, 0.95),
      degraded: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('hook' as const), result, stray: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('put' as const), action, attributes }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'person' as const,
        'back' as const,
        'back' as const,
        'speak' as const,
        'wait' as const,
      ),
    }),
  },
)

function opened(): Session {
  return newSession({ bot: model, version: '1', alias: 'a', locale: 'en_US', user: 'u', now: 1e12 })
}

/** Plays moves; every event is kept. */
function play(moves: readonly Move[]) {
  let session = opened()
  let now = 1e12
  const events: DialogueEvent[] = []
  const results: StepResult[] = []
  moves.forEach((one, seed) => {
    now += one.kind === 'wait' ? 400_000 : 1000
    const event = eventOf(one, session, now, seed)
    const made = step(locale, session, event)
    check(session, event, made)
    events.push(event)
    results.push(made)
    session = made.session
  })
  return { events, results }
}

function eventOf(one: Move, session: Session, now: number, seed: number): DialogueEvent {
  switch (one.kind) {
    case 'said': {
      const found = understandByWords(model, one.text)
      return {
        type: 'said',
        now,
        seed,
        turn: `t${seed}`,
        text: one.text,
        understanding: {
          intents: [...found.intents, { name: one.guess, confidence: one.confidence }],
          entities: found.entities,
          source: 'given',
          degraded: one.degraded ? 'away' : null,
        },
        requestAttributes: {},
      }
    }
    case 'hook':
      return {
        type: 'hookReturned',
        now,
        seed,
        call: one.stray ? 'stray/1' : (session.waiting?.call ?? 'none/1'),
        result: one.result,
      }
    case 'put':
      return {
        type: 'put',
        now,
        seed,
        requestAttributes: {},
        attributes: one.attributes,
        action: one.action,
      }
    case 'person':
      return { type: 'takenOver', now, seed, person: 'bob' }
    case 'speak':
      return {
        type: 'personSaid',
        now,
        seed,
        person: 'bob',
        said: { messages: [{ contentType: 'PlainText', content: 'Hello' }], card: null },
      }
    default:
      return { type: 'handedBack', now, seed }
  }
}

/** What holds after every step. */
function check(
  before: Session,
  event: DialogueEvent,
  { session, effects, reply, failure }: StepResult,
): void {
  const json = JSON.stringify(session)
  expect(json.length).toBeLessThan(300_000)
  expect(JSON.parse(json)).toEqual(session)
  expect(session.stack.length).toBeLessThanOrEqual(5)
  expect(session.recentIntents.length).toBeLessThanOrEqual(3)
  for (const active of [session.intent, ...session.stack]) {
    if (!active) continue
    const own = locale.intents.find(({ name }) => name === active.name)
    expect(own?.slots.map(({ name }) => name).sort()).toEqual(Object.keys(active.slots).sort())
  }
  const calls = effects.filter(({ type }) => type === 'callHook')
  expect(calls.length).toBe(
    session.waiting &&
      event.type !== 'takenOver' &&
      event.type !== 'handedBack' &&
      session.waiting !== before.waiting
      ? 1
      : 0,
  )
  if (event.type === 'said')
    expect(Number(reply !== null) + Number(failure !== null) + calls.length).toBe(1)
  if (before.person !== null && event.type === 'said') expect(reply?.said).toBeNull()
  keptSlots(before, event, session, effects)
  delegatedSlots(before, event, { session, effects, reply, failure })
}

/** A hook that delegates without slots changes none. */
function delegatedSlots(
  before: Session,
  event: DialogueEvent,
  { session, failure }: StepResult,
): void {
  if (event.type !== 'hookReturned' || !event.result.ok || failure || !before.intent) return
  const { action } = event.result.answer
  if (
    action.type !== 'Delegate' ||
    action.slots ||
    (action.intent ?? before.intent.name) !== before.intent.name
  )
    return
  const holders = [session.intent, ...session.stack].filter(
    (one) => one?.name === before.intent?.name,
  )
  if (holders.length > 0)
    expect(holders.map((one) => one?.slots)).toContainEqual(before.intent.slots)
}

/** A filled slot of an intent under way stays filled unless a rule takes it. */
function keptSlots(
  before: Session,
  event: DialogueEvent,
  after: Session,
  effects: StepResult['effects'],
): void {
  const intent = before.intent
  if (
    event.type !== 'said' ||
    before.waiting ||
    !intent ||
    intent.state !== 'InProgress' ||
    event.now >= before.expiresAt
  )
    return
  const holders = [after.intent, ...after.stack].filter((one) => one?.name === intent.name)
  const given = new Set(effects.flatMap((effect) => (effect.type === 'note' ? [effect.name] : [])))
  if (holders.length === 0) {
    // The oldest of five digressions, one that was aborted, or one that ended and made room for what lay aside.
    expect(given.has('aborted') || given.has('resumed') || before.stack.length >= 5).toBe(true)
    return
  }
  for (const [slot, held] of Object.entries(intent.slots)) {
    if (!held || holders.some((one) => one?.slots[slot])) continue
    // Turned down and not given anew, or skipped.
    expect(intent.eliciting).toMatchObject({ type: 'slot', slot })
  }
}

describe('any conversation', () => {
  it('never throws, never loses a slot but by rule, stays small, and plays again to the same bytes', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25 }), (moves) => {
        const { events, results } = play(moves)
        let session = opened()
        const log = JSON.parse(JSON.stringify(events)) as DialogueEvent[]
        log.forEach((event, i) => {
          const again = step(locale, session, event)
          expect(JSON.stringify(again)).toBe(JSON.stringify(results[i]))
          session = again.session
        })
      }),
      { numRuns: 10_000, seed: 20170418 },
    )
  }, 240_000)
})
