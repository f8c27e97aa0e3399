/**
 * A conversation as a file, in YAML or JSON: what the user says, and what is expected of the bot. A file is a test; a conversation
 * that was held can be written as one.
 *
 * ```yaml
 * bot: PurchaseBook
 * turns:
 *   - user: I want to order some books
 *     bot: What type?
 *     intent: OrderBook
 *     state: ElicitSlot
 *     asks: bookType
 *   - user: fantasy
 *     bot: Which book?
 *     slots: { bookType: fantasy }
 * ```
 */
import { LineCounter, parseDocument, stringify, visit } from 'yaml'
import { z } from 'zod'
import { BotError, type BotIssue } from '../bot-error.ts'

const text = z.string().max(4096)
const said = z.union(
  [text, z.array(text).max(50), z.strictObject({ any: z.array(text).min(1).max(50) }), z.null()],
  {
    error: 'must be a text, a list of messages, {any: [texts]} or null for nothing',
  },
)

const turnSchema = z.strictObject({
  user: z.string().max(1024),
  /** Messages, one a line or in a list; `****` stands for anything; null: nothing is said. */
  bot: said.optional(),
  intent: z.string().nullable().optional(),
  state: z
    .enum([
      'ElicitIntent',
      'ConfirmIntent',
      'ElicitSlot',
      'Fulfilled',
      'ReadyForFulfillment',
      'Failed',
    ])
    .optional(),
  /** The slot that is asked for. */
  asks: z.string().nullable().optional(),
  slots: z.record(z.string(), text.nullable()).optional(),
  attributes: z.record(z.string(), text).optional(),
  /** The code of the turn's failure. */
  failure: z.enum(['HOOK_FAILED', 'BAD_HOOK_ANSWER', 'BAD_REQUEST']).optional(),
  /** Goes with what the user says. */
  requestAttributes: z.record(z.string(), text).optional(),
})
const transcriptSchema = z.strictObject({
  bot: z.string().optional(),
  locale: z.string().optional(),
  description: z.string().optional(),
  turns: z
    .array(
      z.union([turnSchema, z.strictObject({ person: text })], {
        error: 'must have user (with what is expected), or person alone',
      }),
    )
    .max(10_000),
})

/** What is said and expected in one turn. */
export type ScriptedTurn = z.infer<typeof turnSchema>

/** A person who has taken over says something; a run of the transcript passes over it. */
export interface PersonTurn {
  readonly person: string
}

export interface TranscriptFile {
  readonly bot?: string | undefined
  readonly locale?: string | undefined
  readonly description?: string | undefined
  readonly turns: readonly (ScriptedTurn | PersonTurn)[]
}

const maxLength = 5_000_000

/**
 * Reads a transcript.
 * @param file names it in errors
 * @throws {BotError} BAD_INPUT with file and line or path
 */
export function parseTranscript(source: string, file = 'transcript'): TranscriptFile {
  if (source.length > maxLength) {
    throw new BotError('LIMIT', `${file}: a transcript has at most ${maxLength} characters`)
  }
  const lines = new LineCounter()
  // JSON is YAML. Aliases are bounded by the reader.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new BotError('BAD_INPUT', `${file}:${line}:${col}: ${error.message}`, { cause: error })
  }
  // What users say and bots answer is text, also where it looks like a number: "user: 2".
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' || typeof node.value === 'boolean') {
        node.value = node.source ?? String(node.value)
      }
    },
  })
  const result = transcriptSchema.safeParse(plainValue(document, file))
  if (result.success) return result.data
  const issues: BotIssue[] = result.error.issues.flatMap((issue) => issuesOf(issue, file))
  const [first] = issues
  throw new BotError(
    'BAD_INPUT',
    `${first?.path ?? file}: ${first?.message ?? 'is no transcript'}`,
    {
      issues,
    },
  )
}

/** As YAML that `parseTranscript` reads again. */
export function writeTranscript(transcript: TranscriptFile): string {
  return stringify(transcript, { lineWidth: 100 })
}

function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new BotError(
      'BAD_INPUT',
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

/** Of a turn that fits neither kind, what is wrong with it as a user's turn. */
function issuesOf(issue: z.core.$ZodIssue, file: string): BotIssue[] {
  const path = (keys: readonly PropertyKey[]) =>
    keys.reduce<string>(
      (way, key) => (typeof key === 'number' ? `${way}[${key}]` : `${way}.${String(key)}`),
      file,
    )
  if (issue.code === 'invalid_union' && issue.path.length === 2) {
    const [asUser = []] = issue.errors
    const inner = asUser.map(({ path: way, message }) => ({
      path: path([...issue.path, ...way]),
      message,
    }))
    if (inner.length > 0) return inner
  }
  return [{ path: path(issue.path), message: issue.message }]
}
