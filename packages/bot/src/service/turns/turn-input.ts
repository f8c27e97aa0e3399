/** What a turn begins with: what happened, to which conversation, and how a repeat of it is told. */
import type { DialogueEvent } from '../../dialogue/dialogue-event.ts'
import type { Said, Session } from '../../dialogue/session.ts'
import type { Understanding } from '../../understanding/understanding.ts'
import type { Target } from '../kept/conversation-rows.ts'
import type { ClaimRequest } from '../kept/conversation-store.ts'
import type { SessionKey } from '../service-contract.ts'

type Without<Event extends DialogueEvent['type'], Names extends string> = Omit<
  Extract<DialogueEvent, { type: Event }>,
  'type' | 'now' | 'seed' | Names
>

export type Happened =
  | ({ readonly type: 'said' } & Without<'said', 'turn' | 'understanding' | 'memory' | 'timeZone'>)
  | ({ readonly type: 'put' } & Without<'put', 'turn'>)
  | { readonly type: 'takenOver'; readonly person: string }
  | { readonly type: 'personSaid'; readonly person: string; readonly said: Said }
  | { readonly type: 'handedBack' }

export interface TurnInput {
  readonly key: SessionKey
  /** The conversation's. */
  readonly id: string
  /** Stable over repeats. */
  readonly turn: string
  /** The caller's id of the request, by which a repeat is told; null: there are none. */
  readonly request: string | null
  readonly happened: Happened
  /** Comes before it, in the same commit. */
  readonly first?: Happened
  readonly locale: string | undefined
  /** A locale that the bot does not have is answered in another. */
  readonly lenientLocale?: boolean
  /** Where the answer goes; null: to the caller, or where the conversation's words went before. */
  readonly target: Target | null
  /** Only where the conversation is there already. */
  readonly onlyKnown?: boolean
  /** Throws where it may not happen in this state of the session. */
  readonly check?: (session: Session, target: Target | null) => void
  readonly signal?: AbortSignal
  /** Claims the conversation for the turn's hooks; false: another has it. By default that alone is done. */
  readonly claim?: (request: Omit<ClaimRequest, 'owner'>) => Promise<boolean>
}

export interface Given {
  readonly now: number
  readonly seed: number
  readonly timeZone: string
}

/** The event of what happened, with all that the outside gives. */
export function eventOf(
  happened: Happened,
  turn: string,
  understanding: Understanding,
  { now, seed, timeZone }: Given,
): DialogueEvent {
  switch (happened.type) {
    case 'said':
      return { ...happened, turn, understanding, now, seed, timeZone }
    case 'put':
      return { ...happened, turn, now, seed }
    default:
      return { ...happened, now, seed }
  }
}

/** The words of what happened, for lists and logs. */
export function wordsOf(happened: Happened): string {
  if (happened.type === 'said') return happened.text
  if (happened.type === 'personSaid') return textOf(happened.said)
  return ''
}

export function textOf(said: Said | null): string {
  return (said?.messages ?? []).map(({ content }) => content).join('\n')
}
