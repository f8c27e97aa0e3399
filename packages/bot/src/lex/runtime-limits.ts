/**
 * What requests to the runtime APIs may hold, by AWS's service models: `lex-runtime` (2016-11-28) for V1, `lexv2-runtime`
 * (2020-08-07) for V2, and the runtime quotas of the two developer guides for sizes that the models leave out. A member that is not
 * here has no limit of its own at AWS; the body's size is its limit here.
 */
import type { Generation } from './lex-fault.ts'

/** V1's userId, V2's sessionId. */
export const userId = { min: 2, max: 100, pattern: /^[0-9a-zA-Z._:-]+$/ }
/** What a user says, and what a session is made to say; in characters. */
export const spoken = { min: 1, max: 1024 }
export const checkpointLabel = { min: 1, max: 255, pattern: /^[a-zA-Z0-9-]+$/ }
export const nonEmpty = { min: 1 }
export const recentIntents = { max: 3 }

export const contexts = {
  list: { max: 20 },
  /** AWS's `([A-Za-z]_?)+`, with digits in V2. */
  name: {
    v1: { min: 1, max: 100, pattern: /^(?:[A-Za-z]_?)+$/ },
    v2: { min: 1, max: 100, pattern: /^(?:[A-Za-z0-9]_?)+$/ },
  } satisfies Record<Generation, object>,
  seconds: [5, 86_400],
  turns: [1, 20],
  parameters: { entries: 10, key: { min: 1, max: 100 }, value: { min: 1, max: 1024 } },
} as const

/** V2's Message and ImageResponseCard. */
export const messages = {
  list: { max: 10 },
  title: { min: 1, max: 250 },
  url: { min: 1, max: 250 },
  buttons: { max: 5 },
  button: { min: 1, max: 50 },
} as const

/** V2's RuntimeHints. */
export const hints = {
  name: { min: 1, max: 100, pattern: /^(?:[0-9a-zA-Z][_-]?)+$/ },
  values: { min: 1, max: 100 },
  phrase: { min: 1, max: 140 },
} as const

/** Bytes of session and request attributes together. */
export const attributeBytes = 12 * 1024
/** Bytes that the headers of RecognizeUtterance with the session's state and the request's attributes have together, as sent. */
export const stateHeaderBytes = 12 * 1024

/** Bytes of fifteen seconds of speech, by the formats that AWS takes. */
export const speechBytes: Readonly<Record<string, number>> = {
  'audio/l16': 480_000,
  'audio/x-l16': 480_000,
  'audio/lpcm': 240_000,
  'audio/x-cbr-opus-with-preamble': 480_000,
}
