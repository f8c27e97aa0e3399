/**
 * What a page and the server say over the socket: JSON, one object a frame, in the subprotocol `typestead-chat.v1`. A server that
 * does not know a page's version refuses the handshake.
 */
import { type Fields, fields, parseObject, text } from '../webhook-request.ts'
import type { NumberedEntry } from './mailbox.ts'

export const subprotocol = 'typestead-chat.v1'

/** UTF-16 units of one message. */
export const longestMessage = 4_000

export type FromPage =
  /** First: who it is, where the cookie doesn't say, and the last number that it has, of which epoch. */
  | {
      readonly type: 'hello'
      readonly token: string
      readonly after: number
      readonly epoch: string
    }
  /** The id is the page's own; said again it is the same message. */
  | { readonly type: 'say'; readonly id: string; readonly text: string }
  /** Everything up to this number is on the page. */
  | { readonly type: 'have'; readonly seq: number }

export type ToPage =
  /** `token` only where the server hands it to pages. */
  | { readonly type: 'welcome'; readonly epoch: string; readonly token?: string }
  | ({ readonly type: 'message' } & NumberedEntry)
  /** The visitor's message is durable. */
  | { readonly type: 'kept'; readonly id: string }
  /** It is not, and won't be unless it is said again. */
  | {
      readonly type: 'refused'
      readonly id: string
      readonly reason: 'tooLong' | 'tooMany' | 'unavailable'
    }
  | { readonly type: 'typing'; readonly on: boolean }

/** Why the server ends a connection; 1009 is "a frame too big", 1001 "going away". */
export const closeCodes = {
  /** What came is not of this protocol. */
  badFrame: 4400,
  /** No hello in time. */
  noHello: 4408,
  /** Too much came, or too many connections of this visitor. */
  tooMany: 4429,
  /** The page takes what is sent too slowly. */
  tooSlow: 4413,
} as const

/** Null for what is not of the protocol. */
export function readFrame(frame: string): FromPage | null {
  let said: Fields
  try {
    said = parseObject(frame)
  } catch {
    return null
  }
  const { type, id, seq, after } = fields(said)
  if (type === 'hello') {
    const number = after === undefined ? 0 : after
    return isNumber(number)
      ? { type, token: text(said.token), after: number, epoch: text(said.epoch) }
      : null
  }
  if (type === 'say') {
    if (typeof id !== 'string' || !/^[\w-]{8,64}$/.test(id) || typeof said.text !== 'string')
      return null
    return { type, id, text: said.text }
  }
  if (type === 'have') return isNumber(seq) ? { type, seq } : null
  return null
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
