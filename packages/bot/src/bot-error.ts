/** What this package throws: a stable code, and a message that says what to change. */

export type BotErrorCode =
  /** A definition, a file or an argument is wrong; `issues` lists every place. */
  | 'BAD_INPUT'
  /** No bot, version, alias, locale, intent or conversation of that name. */
  | 'NOT_FOUND'
  /** Somebody else changed it meanwhile: a stale checksum, a session that moved on. */
  | 'CONFLICT'
  /** A count or size is past a documented limit. */
  | 'LIMIT'
  /** A hook threw, took too long, or answered what the rules do not allow. */
  | 'HOOK_FAILED'
  /** What understands, stores or delivers is away; asking again later can help. */
  | 'UNAVAILABLE'
  /** A signature, token or timestamp does not hold. */
  | 'FORBIDDEN'
  /** A file of a newer version of this package. */
  | 'FORMAT'
  | 'CLOSED'

/** One thing wrong, and where: a path such as `intents.OrderBook.slots.bookName.prompt`. */
export interface BotIssue {
  readonly path: string
  readonly message: string
}

export class BotError extends Error {
  readonly code: BotErrorCode
  readonly issues: readonly BotIssue[]

  constructor(
    code: BotErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly issues?: readonly BotIssue[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'BotError'
    this.code = code
    this.issues = options.issues ?? []
  }
}
