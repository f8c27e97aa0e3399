/**
 * One turn as it is played, before it is kept: events go in, the session, the effects and the answer come out. It can be taken
 * back by one event, for a hook whose work could not be kept.
 */
import { BotError } from '../../bot-error.ts'
import type { DialogueEvent, HookReturned } from '../../dialogue/dialogue-event.ts'
import type { Effect, Reply, StepResult, TurnFailure } from '../../dialogue/effect.ts'
import type { Session } from '../../dialogue/session.ts'
import { step } from '../../dialogue/step.ts'
import type { HookCall } from '../../hooks/hook-contract.ts'
import type { LocaleModel } from '../../model/bot-model.ts'

interface Played {
  readonly event: DialogueEvent
  readonly before: Session
  readonly result: StepResult
}

export class TurnPlay {
  readonly #locale: LocaleModel
  readonly #opened: Session
  readonly #played: Played[] = []

  constructor(locale: LocaleModel, session: Session) {
    this.#locale = locale
    this.#opened = session
  }

  get session(): Session {
    return this.#played.at(-1)?.result.session ?? this.#opened
  }

  get events(): DialogueEvent[] {
    return this.#played.map(({ event }) => event)
  }

  get effects(): Effect[] {
    return this.#played.flatMap(({ result }) => result.effects)
  }

  get reply(): Reply | null {
    return this.#played.at(-1)?.result.reply ?? null
  }

  get failure(): TurnFailure | null {
    return this.#played.at(-1)?.result.failure ?? null
  }

  /** The hook that is to be called now; undefined at the end of the turn. */
  get call(): HookCall | undefined {
    const effect = this.#played.at(-1)?.result.effects.find((one) => one.type === 'callHook')
    return effect?.call
  }

  take(event: DialogueEvent): void {
    const before = this.session
    this.#played.push({ event, before, result: step(this.#locale, before, event) })
  }

  /** The last hook's answer counts as a failure instead. @throws {BotError} HOOK_FAILED where words came after it */
  failLast(message: string): void {
    const last = this.#played.at(-1)
    // A hook that a put state began, before the words of the same request: there is no answer to take back.
    if (last?.event.type !== 'hookReturned') throw new BotError('HOOK_FAILED', message)
    this.#played.pop()
    const event: HookReturned = {
      ...last.event,
      result: { ok: false, error: { code: 'THROWN', message } },
    }
    this.take(event)
  }
}

/** Plays a turn's events again, from the session that it began with. */
export function playAgain(
  locale: LocaleModel,
  session: Session,
  events: readonly DialogueEvent[],
): TurnPlay {
  const play = new TurnPlay(locale, session)
  for (const event of events) play.take(event)
  return play
}
