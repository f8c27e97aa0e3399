/** Holds a transcript's conversation with a bot, and tells where it went otherwise. */
import { randomUUID } from 'node:crypto'
import type { BotService, TurnResult } from '../service/service-contract.ts'
import type { ScriptedTurn, TranscriptFile } from './transcript-file.ts'

export interface TranscriptTarget {
  readonly bot: string
  readonly alias: string
  /** Who speaks; a stranger by default, so that nothing of an earlier conversation plays in. */
  readonly user?: string
}

/** @returns the differences, a sentence each; none: the conversation went as written */
export async function runTranscript(
  service: Pick<BotService, 'turn'>,
  target: TranscriptTarget,
  transcript: TranscriptFile,
): Promise<string[]> {
  const { bot, alias, user = `transcript-${randomUUID()}` } = target
  const differences: string[] = []
  for (const [i, turn] of transcript.turns.entries()) {
    if ('person' in turn) continue
    if (turn.user.includes('****')) {
      const advice = 'write there what is to be said'
      differences.push(
        `turn ${i + 1}: what the user said is masked (${quoted(turn.user)}); ${advice}`,
      )
      return differences
    }
    const result = await service.turn({
      bot,
      alias,
      user,
      text: turn.user,
      ...(transcript.locale === undefined ? {} : { locale: transcript.locale }),
      ...(turn.requestAttributes === undefined
        ? {}
        : { requestAttributes: turn.requestAttributes }),
    })
    const where = `turn ${i + 1}, user ${quoted(turn.user)}`
    for (const difference of turnDifferences(turn, result))
      differences.push(`${where}: ${difference}`)
  }
  return differences
}

/** How a turn differs from what was expected of it. */
export function turnDifferences(
  turn: ScriptedTurn,
  { reply, failure, session }: TurnResult,
): string[] {
  const differences: string[] = []
  if (failure?.code !== turn.failure) {
    const got = failure ? `it failed with ${failure.code}: ${failure.message}` : 'it did not fail'
    return [turn.failure === undefined ? got : `${got}; expected ${turn.failure}`]
  }
  if (!reply) return failure ? [] : ['there was no answer']
  const tell = (what: string, got: unknown, expected: unknown) => {
    differences.push(`${what} was ${quoted(got)}; expected ${quoted(expected)}`)
  }
  const said = reply.said?.messages.map(({ content }) => content) ?? null
  if (turn.bot !== undefined && !isSaid(said, turn.bot))
    tell('what the bot said', said?.join('\n') ?? null, turn.bot)
  const intent = reply.intent?.name ?? null
  if (turn.intent !== undefined && intent !== turn.intent) tell('the intent', intent, turn.intent)
  if (turn.state !== undefined && reply.dialogState !== turn.state)
    tell('the state', reply.dialogState, turn.state)
  if (turn.asks !== undefined && reply.slotToElicit !== turn.asks)
    tell('the slot that is asked for', reply.slotToElicit, turn.asks)
  for (const [slot, expected] of Object.entries(turn.slots ?? {})) {
    const slots = reply.intent?.slots ?? {}
    const got = (Object.hasOwn(slots, slot) ? slots[slot]?.value : undefined) ?? null
    if (expected === null ? got !== null : got === null || !isText(got, expected))
      tell(`slot ${slot}`, got, expected)
  }
  for (const [name, expected] of Object.entries(turn.attributes ?? {})) {
    const got = Object.hasOwn(session.attributes, name) ? (session.attributes[name] ?? null) : null
    if (got === null || !isText(got, expected)) tell(`attribute ${name}`, got, expected)
  }
  return differences
}

function isSaid(
  said: readonly string[] | null,
  expected: NonNullable<ScriptedTurn['bot']> | null,
): boolean {
  if (expected === null || said === null)
    return expected === null && (said === null || said.length === 0)
  if (typeof expected === 'string') return isText(said.join('\n'), expected.trimEnd())
  if (Array.isArray(expected)) {
    return (
      said.length === expected.length && said.every((one, i) => isText(one, expected[i] as string))
    )
  }
  return expected.any.some((one) => isText(said.join('\n'), one))
}

/** `****` stands for anything. */
function isText(got: string, expected: string): boolean {
  const parts = expected.split('****')
  const first = parts[0] as string
  if (parts.length === 1) return got === first
  if (!got.startsWith(first)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = got.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  const last = parts.at(-1) as string
  return got.length - last.length >= at && got.endsWith(last)
}

function quoted(value: unknown): string {
  return JSON.stringify(value).slice(0, 300)
}
