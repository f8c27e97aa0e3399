/** Conversations as the workbench answers them. Times are milliseconds since 1970. */

export interface Conversation {
  readonly id: string
  readonly bot: string
  readonly alias: string
  readonly user: string
  readonly channel: string
  readonly turns: number
  readonly lastText: string
  readonly lastReply: string
  readonly dialogState: string
  readonly intent: string | null
  /** Who has taken over. */
  readonly person: string | null
  /** The user waits for one. */
  readonly asksForPerson: boolean
  readonly updatedAt: number
}

export interface ConversationPage {
  readonly conversations: readonly Conversation[]
  /** Where the next page begins; null after the last one. */
  readonly next: string | null
}

export interface SlotValue {
  readonly value: string
}

export interface Turn {
  readonly turn: string
  readonly at: number
  readonly version: string
  readonly text: string
  readonly reply: {
    readonly dialogState: string
    readonly intent: {
      readonly name: string
      readonly confidence: number | null
      readonly slots: Readonly<Record<string, SlotValue | null>>
    } | null
    readonly said: { readonly messages: readonly { readonly content: string }[] } | null
    readonly sessionAttributes: Readonly<Record<string, string>>
  } | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly events: readonly TurnEvent[]
  readonly effects: readonly {
    readonly type: string
    readonly name?: string
    readonly call?: HookCall
  }[]
  readonly took: { readonly understanding: number; readonly hooks: readonly number[] }
  readonly from: 'user' | 'person'
}

interface TurnEvent {
  readonly type: string
  /** Who took over. */
  readonly person?: string
  readonly result?: {
    readonly ok: boolean
    readonly answer?: { readonly action: { readonly type: string } }
    readonly error?: { readonly message: string }
  }
}

interface HookCall {
  readonly hook: string
  readonly source: string
}

export interface Transcript {
  readonly conversation: Conversation
  readonly turns: readonly Turn[]
}

/** What a turn without words did; null for one with words. */
export function steeringOf({ events }: Turn): string | null {
  for (const { type, person = 'A person' } of events) {
    if (type === 'takenOver') return `${person} took over.`
    if (type === 'handedBack') return 'Handed back to the bot.'
  }
  return null
}

export interface HookTrace {
  readonly hook: string
  readonly source: string
  readonly answer: string
  readonly milliseconds: number
}

/** Each hook of a turn: which it was, what it answered, how long it took. */
export function hooksOf({ effects, events, took }: Turn): readonly HookTrace[] {
  const calls = effects.flatMap(({ type, call }) => (type === 'callHook' && call ? [call] : []))
  const results = events.filter(({ type }) => type === 'hookReturned').map(({ result }) => result)
  return calls.map(({ hook, source }, at) => {
    const result = results[at]
    const answer = result?.ok ? result.answer?.action.type : result?.error?.message
    return { hook, source, answer: answer ?? 'no answer', milliseconds: took.hooks[at] ?? 0 }
  })
}

export function repliesOf({ reply }: Turn): readonly string[] {
  return reply?.said?.messages.map(({ content }) => content) ?? []
}

export function filledSlots({ reply }: Turn): readonly (readonly [string, string])[] {
  return Object.entries(reply?.intent?.slots ?? {}).flatMap(([name, slot]) =>
    slot === null ? [] : [[name, slot.value] as const],
  )
}
