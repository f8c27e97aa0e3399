/**
 * The contract between a messenger and the bot. An adapter verifies and parses what comes in, hands it over, and acknowledges it
 * only once it is durable; it delivers what goes out, and tells, where the far side can, whether it was delivered already.
 *
 * Writing one (`template.ts` is a whole one to begin with; `test/adapters/contract-suite.ts` runs it against every point here):
 *
 * 1. `routes`: bound the body, verify the signature over the raw bytes in constant time, and only then parse.
 * 2. For each message call `receiver.receive` with every id by which a repeat can be told, and answer 200 when it has resolved;
 *    when it rejects answer 503, so that the far side sends the message again. Never drop a message because it is marked a retry.
 * 3. Skip what the bot itself said, or it talks to itself.
 * 4. `deliver`: give the far side `message.id` where it keeps one. Reject on anything but a certain success; on `attempt` > 0 look
 *    first whether an earlier attempt arrived. Throw the journal's `PermanentError` where asking again is of no use.
 * 5. A far side that can't tell repeats makes the adapter "at least once": say so, with the window, in its first comment.
 * 6. Tokens, signatures and what people write never stand in an error's message.
 *
 * There is no adapter for Kik: its bot platform was closed in October 2019.
 */
// The name here is a message's; node:http's is a request's.
import type { IncomingMessage as ClientRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Journal } from '@typestead/journal'
import type { Message, ResponseCard } from '../model/bot-model.ts'

export interface IncomingMessage {
  /** The adapter's name. */
  readonly channel: string
  /** Where to answer: unique within the channel (team, channel and thread; a phone number; a widget's visitor). */
  readonly conversation: string
  readonly user: string
  readonly text: string
  /** Everything by which a repeat of this message can be told; one that was seen makes it a repeat. At least one. */
  readonly ids: readonly string[]
  /** Milliseconds since 1970, as the far side says. */
  readonly sentAt: number
  readonly attributes: Readonly<Record<string, string>>
  readonly locale?: string
}

export interface OutgoingMessage {
  /** Stable over attempts; the far side is given it where it keeps one. */
  readonly id: string
  readonly channel: string
  readonly conversation: string
  readonly user: string
  readonly messages: readonly Message[]
  readonly card: ResponseCard | null
  /** The turn that it answers; null for a person's words or a push. */
  readonly turn: string | null
  /** Those of the message that it answers. */
  readonly attributes: Readonly<Record<string, string>>
  /** Who speaks. */
  readonly from: 'bot' | 'person'
  /** Milliseconds since 1970 at which it was committed: where a search for an earlier delivery begins. */
  readonly committedAt: number
}

export interface Receiver {
  /** Resolves once the message is durable (or known already): acknowledge only then. */
  receive(message: IncomingMessage): Promise<'accepted' | 'repeated'>
  /** Where an adapter may keep what has to survive a crash; without it an adapter makes do with its memory. */
  readonly journal?: Journal
}

export interface Adapter {
  readonly name: string
  /** Called once, before anything else. */
  attach(receiver: Receiver): void
  /** Its webhooks, by path: `/slack/receive`. */
  readonly routes: Readonly<Record<string, (request: Request) => Promise<Response>>>
  /** Its sockets, by path; the origin was checked by the server. */
  readonly upgrades?: Readonly<Record<string, UpgradeHandler>>
  /**
   * Delivers one message; rejects to be asked again later with the same id and a higher `attempt`. On attempts after the first
   * it looks whether the far side has the message already, where the far side can tell.
   */
  deliver(message: OutgoingMessage, attempt: number, signal: AbortSignal): Promise<void>
  /**
   * Removes what it keeps itself of a user, where it keeps anything; `conversations` are those that are known of. May be asked again.
   */
  forget?(person: {
    readonly user: string
    readonly conversations: readonly string[]
  }): Promise<void>
  close?(): Promise<void>
}

export type UpgradeHandler = (request: ClientRequest, socket: Duplex, head: Buffer) => void
