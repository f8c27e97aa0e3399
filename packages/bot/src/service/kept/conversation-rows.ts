/** What the service keeps of a conversation, as its statements read and write it. JSON columns are texts until somebody needs them. */
import type { Message, OwnMessage } from '@typestead/journal'

/** Where a conversation's words go; null for callers of an API. */
export interface Target {
  readonly channel: string
  readonly conversation: string
  readonly user: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface LoadRequest {
  readonly id: string
  readonly bot: string
  readonly alias: string
  /** The caller's id of the request: a turn that has it already is given back. */
  readonly request: string | null
  /** Where messages of the conversation may wait; null: nobody asks. */
  readonly queue: string | null
  /** Ids of the message, a JSON array; null: nobody asks. */
  readonly ids: string | null
}

export interface Loaded {
  /** 0: there is no such conversation yet. */
  readonly revision: number
  /** JSON; null when it was deleted or never begun. */
  readonly session: string | null
  /** Turns so far. */
  readonly turns: number
  readonly target: Target | null
  readonly startedAt: number
  /** What was said last, by the user and to them; '' where nothing was. */
  readonly lastText: string
  readonly lastReply: string
  /** Another runs hooks for it now. */
  readonly held: boolean
  /** One of the ids is known. */
  readonly seen: boolean
  /** No other process was alive. */
  readonly alone: boolean
  /** A message of it waits in the queue that was asked about. */
  readonly waits: boolean
  /** Where the alias points; null when there is no such alias. */
  readonly aliasVersion: string | null
  readonly draftHash: string | null
  readonly recorded: RecordedTurn | null
  /** Another one where somebody was forgotten since. */
  readonly forgettings: string
}

/** A turn's answer as it was kept, in JSON. */
export interface RecordedTurn {
  readonly turn: string
  readonly reply: string | null
  readonly failure: string | null
  readonly after: string
}

/** Everything that one turn changes. */
export interface TurnCommit {
  readonly conversation: ConversationRow
  /** As it was loaded. */
  readonly revision: number
  /** As it was loaded: the first turn of a conversation may know what was forgotten since, and is not kept then. */
  readonly forgettings: string
  /** Of the claim under which hooks ran; null: there was none to be made. */
  readonly token: string | null
  readonly turn: TurnRow | null
  readonly memory: readonly MemoryRow[]
  readonly outbox: readonly Message[]
  /** The message whose turn this is, where this process holds it: it ends with the commit. */
  readonly ends: OwnMessage | null
}

export interface ConversationRow {
  readonly id: string
  readonly bot: string
  readonly alias: string
  readonly who: string
  readonly channel: string
  readonly target: string | null
  /** The turn whose `after` is the session; null: there is none. */
  readonly sessionN: number | null
  readonly turns: number
  readonly lastText: string
  readonly lastReply: string
  readonly dialogState: string
  readonly intent: string | null
  /** Empty: one was asked for. */
  readonly person: string | null
  readonly started: number
  readonly updated: number
}

export interface TurnRow {
  readonly n: number
  readonly turn: string
  readonly request: string | null
  readonly at: number
  readonly version: string
  readonly hash: string
  readonly speaker: 'user' | 'person'
  readonly said: string
  /** The session that the turn began anew; null when it went on with the one before. */
  readonly opened: string | null
  readonly events: string
  readonly effects: string
  readonly reply: string | null
  readonly failure: string | null
  readonly after: string
  readonly took: string
}

export interface MemoryRow {
  readonly bot: string
  readonly who: string
  readonly name: string
  /** Null forgets it. */
  readonly value: string | null
}
