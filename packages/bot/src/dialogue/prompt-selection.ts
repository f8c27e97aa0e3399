/** Which of a statement's or a prompt's messages are said: one of each group, by the attempt or by the seed. */
import type { Message, MessageGroup, PromptModel, StatementModel } from '../model/bot-model.ts'
import { fillPlaceholders, type PlaceholderValues } from './placeholders.ts'
import type { Said } from './session.ts'

/** What a message can have at most once its placeholders are filled. */
const maxContent = 4096

/** @param attempt 0 at the first asking, 1 at the first retry */
export function promptSaid(
  prompt: PromptModel,
  attempt: number,
  seed: number,
  values: PlaceholderValues,
): Said {
  const { attempts } = prompt
  const groups =
    attempt === 0 || attempts.length === 0
      ? prompt.groups
      : (attempts[Math.min(attempt, attempts.length) - 1] as readonly MessageGroup[])
  // Wording of its own is counted from its first use.
  const turn = groups === prompt.groups ? attempt : Math.max(0, attempt - attempts.length)
  return {
    messages: chosen(groups, prompt.selection === 'Ordered' ? turn : null, seed, values),
    card: prompt.card,
  }
}

export function statementSaid(
  statement: StatementModel,
  seed: number,
  values: PlaceholderValues,
): Said {
  return { messages: chosen(statement.groups, null, seed, values), card: statement.card }
}

/** A text of a person's or a hook's, as it is said. */
export function textSaid(text: string): Said {
  return { messages: [{ contentType: 'PlainText', content: text }], card: null }
}

/** Several things said one after the other; the last card counts. */
export function joinedSaid(...parts: readonly (Said | null)[]): Said | null {
  const said = parts.filter((part) => part !== null)
  if (said.length < 2) return said[0] ?? null
  return {
    messages: said.flatMap(({ messages }) => messages),
    card: said.findLast(({ card }) => card !== null)?.card ?? null,
  }
}

function chosen(
  groups: readonly MessageGroup[],
  ordered: number | null,
  seed: number,
  values: PlaceholderValues,
): Message[] {
  const messages: Message[] = []
  let state = seed >>> 0
  for (const group of groups) {
    if (group.length === 0) continue
    state = mixed(state)
    const start = ordered ?? state
    messages.push(firstComplete(group, start, ordered === null, values))
  }
  return messages
}

/** The message at `start`, or one after it whose placeholders all have a value. */
function firstComplete(
  group: MessageGroup,
  start: number,
  around: boolean,
  values: PlaceholderValues,
): Message {
  const first = around ? start % group.length : Math.min(start, group.length - 1)
  let fallback: Message | undefined
  for (let i = 0; i < group.length; i++) {
    const message = group[(first + i) % group.length] as Message
    const { text, missing } = fillPlaceholders(message.content, values)
    const filled =
      text === message.content ? message : { ...message, content: text.slice(0, maxContent) }
    if (!missing) return filled
    fallback ??= filled
  }
  return fallback as Message
}

/** One round of a mixing function, so that groups of one statement differ (Steele and others, SplitMix). */
function mixed(state: number): number {
  let x = (state + 0x9e3779b9) >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0
  return (x ^ (x >>> 16)) >>> 0
}
