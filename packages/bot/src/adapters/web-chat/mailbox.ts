/**
 * What was said in a visitor's conversation, by both sides, numbered: from it a page that comes back takes up where it was. At most
 * `mostKept` entries a conversation, the oldest go first. An id that is there is not put again.
 */
import { randomUUID } from 'node:crypto'
import type { CardAttachment } from '../../model/bot-model.ts'

export const mostKept = 200

export interface MailboxEntry {
  /** The outbox id of a reply, the page's own id of a visitor's message. */
  readonly id: string
  readonly from: 'bot' | 'person' | 'visitor'
  readonly texts: readonly string[]
  readonly cards: readonly CardAttachment[]
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface NumberedEntry extends MailboxEntry {
  /** From 1, in the order in which the conversation went. */
  readonly seq: number
}

export interface Mailbox extends AsyncDisposable {
  /** What it holds survives this process: what was put is delivered, whoever comes for it and when. */
  readonly durable: boolean
  /** Numbers of another epoch mean nothing: memory begins anew with each process. */
  readonly epoch: string
  /** Calls back for a conversation in which something may be new; the result ends it. */
  watch(conversation: string, changed: () => void): () => void
  put(conversation: string, entry: MailboxEntry): Promise<void>
  /** What comes after a number, the oldest first. */
  after(conversation: string, seq: number): Promise<readonly NumberedEntry[]>
  /** Removes what was said; numbers go on, as pages have seen those before. */
  forget(conversation: string): Promise<void>
}

/** In this process's memory, at most 10,000 conversations; the one that was longest without a word goes first. */
export function memoryMailbox(): Mailbox {
  const conversations = new Map<string, { last: number; entries: NumberedEntry[] }>()
  const watchers = new Watchers()
  return {
    durable: false,
    epoch: randomUUID(),
    watch: (conversation, changed) => watchers.add(conversation, changed),
    async put(conversation, entry) {
      const kept = conversations.get(conversation) ?? { last: 0, entries: [] }
      if (kept.entries.some(({ id }) => id === entry.id)) return
      kept.last++
      kept.entries.push({ ...entry, seq: kept.last })
      if (kept.entries.length > mostKept) kept.entries.shift()
      conversations.delete(conversation)
      conversations.set(conversation, kept)
      if (conversations.size > 10_000) {
        const oldest = conversations.keys().next()
        if (!oldest.done) conversations.delete(oldest.value)
      }
      watchers.tell(conversation)
    },
    async after(conversation, seq) {
      const kept = conversations.get(conversation)
      return kept?.entries.filter((entry) => entry.seq > seq) ?? []
    },
    async forget(conversation) {
      const kept = conversations.get(conversation)
      if (kept) kept.entries = []
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** The part of a mailbox that is one channel's: the same visitor speaks to two bots without one hearing the other. */
export function ofChannel(mailbox: Mailbox, channel: string): Mailbox {
  const keyOf = (conversation: string) => `${channel}/${conversation}`
  return {
    durable: mailbox.durable,
    epoch: mailbox.epoch,
    watch: (conversation, changed) => mailbox.watch(keyOf(conversation), changed),
    put: (conversation, entry) => mailbox.put(keyOf(conversation), entry),
    after: (conversation, seq) => mailbox.after(keyOf(conversation), seq),
    forget: (conversation) => mailbox.forget(keyOf(conversation)),
    [Symbol.asyncDispose]: () => mailbox[Symbol.asyncDispose](),
  }
}

/** Callbacks by conversation. */
export class Watchers {
  readonly #byConversation = new Map<string, Set<() => void>>()

  add(conversation: string, changed: () => void): () => void {
    const those = this.#byConversation.get(conversation) ?? new Set()
    this.#byConversation.set(conversation, those.add(changed))
    return () => {
      those.delete(changed)
      if (those.size === 0) this.#byConversation.delete(conversation)
    }
  }

  conversations(): readonly string[] {
    return [...this.#byConversation.keys()]
  }

  tell(conversation: string): void {
    for (const changed of this.#byConversation.get(conversation) ?? []) changed()
  }
}
