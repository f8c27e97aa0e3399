/**
 * Holds a conversation with the pure step: understanding by the utterances' own words, hooks as plain functions, a clock that moves
 * by a second a turn. Every event and session is kept, so that tests can play it again.
 */
import type { DialogueEvent } from '../src/dialogue/dialogue-event.ts'
import type { Effect, StepResult } from '../src/dialogue/effect.ts'
import { newSession } from '../src/dialogue/new-session.ts'
import type { Session } from '../src/dialogue/session.ts'
import { step } from '../src/dialogue/step.ts'
import { textKey } from '../src/dialogue/text-key.ts'
import type { HookAnswer, HookCall, HookResult } from '../src/hooks/hook-contract.ts'
import type { BotModel } from '../src/model/bot-model.ts'
import { utteranceParts } from '../src/model/utterance.ts'
import type { Understanding, UnderstoodEntity } from '../src/understanding/understanding.ts'

export type TestHook = (call: HookCall) => HookAnswer | HookAnswer['action']

export class Talk {
  readonly events: DialogueEvent[] = []
  readonly calls: HookCall[] = []
  effects: Effect[] = []
  now = Date.UTC(2017, 3, 18, 9)
  session: Session
  readonly first: Session
  last: StepResult | undefined
  readonly #model: BotModel
  readonly #hooks: Record<string, TestHook>
  #turn = 0

  constructor(model: BotModel, hooks: Record<string, TestHook> = {}) {
    this.#model = model
    this.#hooks = hooks
    this.session = newSession({
      bot: model,
      version: '1',
      alias: 'prod',
      locale: model.defaultLocale,
      user: 'ann',
      now: this.now,
    })
    this.first = this.session
  }

  get locale() {
    const locale = this.#model.locales[this.#model.defaultLocale]
    if (!locale) throw new Error('no locale')
    return locale
  }

  /** @returns what the bot says, messages joined by a bar; `(state)` when it says nothing */
  say(text: string, given: Partial<Understanding> & Record<string, unknown> = {}): string {
    this.now += 1000
    const { intents, entities, degraded, ...rest } = given
    const own = understandByWords(this.#model, text)
    return this.take({
      type: 'said',
      now: this.now,
      seed: this.#turn,
      turn: `t${++this.#turn}`,
      text,
      understanding: {
        intents: intents ?? own.intents,
        entities: entities ?? own.entities,
        source: 'given',
        degraded: degraded ?? null,
      },
      requestAttributes: {},
      ...rest,
    })
  }

  take(event: DialogueEvent): string {
    this.effects = []
    let result = this.#step(event)
    for (;;) {
      const call = result.effects.find((effect) => effect.type === 'callHook')?.call
      if (!call) break
      this.calls.push(call)
      result = this.#step({
        type: 'hookReturned',
        call: call.id,
        now: this.now,
        seed: this.#turn,
        result: this.#run(call),
      })
    }
    this.last = result
    if (result.failure) return `!${result.failure.code}`
    const { reply } = result
    if (!reply) return '-'
    return reply.said
      ? reply.said.messages.map(({ content }) => content).join(' | ')
      : `(${reply.dialogState})`
  }

  get notes(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'note' ? [effect.name] : []))
  }

  get slots(): Record<string, string | null> {
    const slots = this.session.intent?.slots ?? {}
    return Object.fromEntries(
      Object.entries(slots).map(([name, value]) => [name, value?.value ?? null]),
    )
  }

  #run(call: HookCall): HookResult {
    const hook = this.#hooks[call.hook]
    if (!hook) return { ok: false, error: { code: 'MISSING', message: 'no such hook' } }
    try {
      const answer = hook(call)
      return { ok: true, answer: 'action' in answer ? answer : { action: answer } }
    } catch (error) {
      return { ok: false, error: { code: 'THROWN', message: String(error) } }
    }
  }

  #step(event: DialogueEvent): StepResult {
    this.events.push(event)
    const result = step(this.locale, this.session, event)
    this.session = result.session
    this.effects.push(...result.effects)
    return result
  }
}

/** Exact utterances, and placeholders that take whatever stands in their place. */
export function understandByWords(
  model: BotModel,
  text: string,
): { intents: Understanding['intents']; entities: UnderstoodEntity[] } {
  const key = textKey(text)
  for (const intent of model.locales[model.defaultLocale]?.intents ?? []) {
    for (const utterance of intent.utterances) {
      if (!utterance.includes('{')) {
        if (textKey(utterance) === key)
          return { intents: [{ name: intent.name, confidence: 1 }], entities: [] }
        continue
      }
      const slots: string[] = []
      const pattern = utteranceParts(utterance)
        .map((part) => {
          if (part.type === 'text') return part.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
          slots.push(part.slot)
          return '(.+?)'
        })
        .join('\\s+')
      const match = new RegExp(`^${pattern}[.!?]?$`, 'id').exec(text.trim())
      if (!match) continue
      const entities = slots.map((entity, i) => {
        const [start, end] = match.indices?.[i + 1] ?? [0, 0]
        return { entity, value: text.slice(start, end), start, end, confidence: 1 }
      })
      return { intents: [{ name: intent.name, confidence: 1 }], entities }
    }
  }
  return { intents: [], entities: [] }
}

export function plain(content: string) {
  return { messages: [{ contentType: 'PlainText' as const, content }], card: null }
}
