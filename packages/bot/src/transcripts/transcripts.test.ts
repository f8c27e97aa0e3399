import { describe, expect, it } from 'vitest'
import { Talk } from '../../test/talk.ts'
import { compileBot } from '../model/compile-bot.ts'
import type { BotService, TranscriptTurn } from '../service/service-contract.ts'
import { runTranscript } from './run-transcript.ts'
import { toTranscript } from './to-transcript.ts'
import { parseTranscript, writeTranscript } from './transcript-file.ts'

const { model } = compileBot({
  name: 'Visits',
  intents: {
    Book: {
      utterances: ['book a visit'],
      slots: {
        name: { type: 'AMAZON.FirstName', prompt: 'Your name?' },
        phone: { type: 'AMAZON.PhoneNumber', prompt: 'Your number, {name}?' },
      },
      confirm: { prompt: 'Call {name} at {phone}?', rejection: 'No call.' },
    },
  },
})

/** The step behind the service's interface. */
function service(): { service: Pick<BotService, 'turn'>; turns: TranscriptTurn[] } {
  const talks = new Map<string, Talk>()
  const turns: TranscriptTurn[] = []
  return {
    turns,
    service: {
      async turn({ user, text }) {
        const talk = talks.get(user) ?? new Talk(model)
        talks.set(user, talk)
        talk.say(text)
        const { reply = null, failure = null } = talk.last ?? {}
        turns.push({
          turn: `t${turns.length}`,
          at: 0,
          version: '1',
          text,
          reply,
          failure,
          events: [],
          effects: [],
          took: { understanding: 0, hooks: [] },
          from: 'user',
        })
        return { turn: 't', session: talk.session, reply, failure }
      },
    },
  }
}

const text = `
bot: Visits
turns:
  - user: book a visit
    bot: Your name?
    intent: Book
    asks: name
  - user: my name is Ann
    bot: Your number, Ann?
    slots: { name: Ann, phone: null }
    state: ElicitSlot
  - person: I am here too
  - user: +44 20 7946 0000
    bot: { any: [Other?, 'Call Ann at ****?'] }
    state: ConfirmIntent
`

describe('transcripts', () => {
  it('are tests', async () => {
    const transcript = parseTranscript(text, 'visit.yaml')
    expect(transcript.bot).toBe('Visits')
    const target = { bot: 'Visits', alias: '$LATEST' }
    expect(await runTranscript(service().service, target, transcript)).toEqual([])
    const wrong = parseTranscript(
      text.replace('asks: name', 'asks: phone').replace('Your number, Ann?', 'Ann?'),
    )
    expect(await runTranscript(service().service, target, wrong)).toEqual([
      'turn 1, user "book a visit": the slot that is asked for was "name"; expected "phone"',
      'turn 2, user "my name is Ann": what the bot said was "Your number, Ann?"; expected "Ann?"',
    ])
  })

  it('are written from conversations, personal data masked, and read again', async () => {
    const { service: bots, turns } = service()
    await runTranscript(bots, { bot: 'Visits', alias: 'a' }, parseTranscript(text))
    const written = writeTranscript(
      toTranscript(turns, { bot: 'Visits', model: model.locales.en_US as never }),
    )
    expect(written).not.toMatch(/Ann|7946/)
    expect(written).toContain('Call **** at ****?')
    const again = parseTranscript(written)
    expect(again.turns).toHaveLength(3)
    expect(again.turns[0]).toMatchObject({ user: 'book a visit', intent: 'Book', asks: 'name' })
  })

  it('are written with stand-ins for what was masked, so that they run', async () => {
    const { service: bots, turns } = service()
    await runTranscript(bots, { bot: 'Visits', alias: 'a' }, parseTranscript(text))
    const options = { bot: 'Visits', model: model.locales.en_US as never }
    const written = parseTranscript(writeTranscript(toTranscript(turns, options)))
    expect(written.turns.map((turn) => 'user' in turn && turn.user)).toEqual([
      'book a visit',
      'my name is Alex',
      '+5 555 555 5555',
    ])
    expect(await runTranscript(service().service, { bot: 'Visits', alias: 'a' }, written)).toEqual(
      [],
    )
  })

  it('do not run over words that were masked', async () => {
    const masked = parseTranscript(
      'turns: [{ user: book a visit }, { user: I am **** }, { user: x }]',
    )
    expect(await runTranscript(service().service, { bot: 'Visits', alias: 'a' }, masked)).toEqual([
      'turn 2: what the user said is masked ("I am ****"); write there what is to be said',
    ])
  })

  it('mask a short name as a word only, in any case', () => {
    const turn = (said: string, bot: string): TranscriptTurn => ({
      turn: 't',
      at: 0,
      version: '1',
      text: said,
      // What masking reads of a reply; the rest is left out.
      reply: {
        dialogState: 'ElicitSlot',
        intent: {
          name: 'Book',
          slots: { name: { original: 'Al', value: 'Al', resolved: ['Al'] }, phone: null },
          confirmation: 'None',
          state: 'InProgress',
          eliciting: null,
          attempts: 0,
          confidence: null,
        },
        slotToElicit: 'phone',
        said: { messages: [{ contentType: 'PlainText', content: bot }], card: null },
      } as unknown as TranscriptTurn['reply'],
      failure: null,
      events: [],
      effects: [],
      took: { understanding: 0, hooks: [] },
      from: 'user',
    })
    const written = toTranscript([turn('also call me AL, or a@b.example', 'Also, Al?')], {
      model: model.locales.en_US as never,
    })
    expect(written.turns[0]).toMatchObject({
      user: 'also call me Alex, or person@example.com',
      bot: 'Also, ****?',
      slots: { name: '****' },
    })
  })

  it('take numbers as they were written', () => {
    const { turns } = parseTranscript('turns: [{ user: 007, bot: 1.0, slots: { n: 2, m: null } }]')
    expect(turns).toEqual([{ user: '007', bot: '1.0', slots: { n: '2', m: null } }])
    expect(parseTranscript('{"turns":[{"user":"a","bot":null},{"user":2}]}').turns).toEqual([
      { user: 'a', bot: null },
      { user: '2' },
    ])
  })

  it('name the place that is wrong', () => {
    expect(() => parseTranscript('turns:\n  - user: a\n   bot: b', 'x.yaml')).toThrow(
      /^x\.yaml:\d+:\d+: /,
    )
    expect(() => parseTranscript('turns: [{ user: a, botty: b }]', 'x.yaml')).toThrow(
      /x\.yaml\.turns\[0\].*botty/,
    )
    expect(() => parseTranscript('turns: [{ user: [5] }]', 'x.yaml')).toThrow(
      /x\.yaml\.turns\[0\]\.user/,
    )
    expect(() => parseTranscript('- a', 'x.yaml')).toThrow(/x\.yaml/)
    expect(() => parseTranscript('a: &a [*a, *a]\nturns: []', 'x.yaml')).toThrow()
  })
})
