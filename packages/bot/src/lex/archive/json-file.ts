/** A JSON file of an archive, checked against its schema; every issue names the file and the path in it. */
import type { z } from 'zod'
import { BotError, type BotIssue } from '../../bot-error.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws {BotError} BAD_INPUT */
export function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch (cause) {
    throw new BotError('BAD_INPUT', `${name} is no JSON in UTF-8: ${messageOf(cause)}`, { cause })
  }
}

/** @throws {BotError} BAD_INPUT with every issue */
export function checked<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues: BotIssue[] = result.error.issues.slice(0, 100).map(({ path, message }) => ({
    path: `${name}: ${path.map(String).join('.')}`,
    message,
  }))
  const [first] = issues
  throw new BotError(
    'BAD_INPUT',
    `${first?.path}: ${first?.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`,
    { issues },
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error)
}
