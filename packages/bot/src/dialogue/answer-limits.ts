/** How much a hook or a caller may put into a session, so that it stays small whatever they do. */
import type { HookAnswer } from '../hooks/hook-contract.ts'
import type { ActiveContext, Said, Session, SlotValue } from './session.ts'

export const sessionLimits = {
  /** Of one pair of braces in Lex's 12 KB: more do not fit. */
  attributes: 2_000,
  /** Of all names and values of attributes together, in UTF-16 units. */
  attributeCharacters: 25_000,
  contexts: 20,
  contextParameters: 10,
  nameLength: 100,
  valueLength: 1024,
  values: 20,
  messages: 15,
  messageLength: 4096,
  memoryEntries: 100,
  memoryCharacters: 25_000,
  recentIntents: 3,
} as const

/** What of an answer is too much; null when nothing is. */
export function answerProblem(answer: HookAnswer, session: Session): string | null {
  const { sessionAttributes, requestAttributes, contexts, recentIntents, remember, action } = answer
  if (sessionAttributes) {
    const problem = attributesProblem(sessionAttributes)
    if (problem !== null) return problem
  }
  if (requestAttributes) {
    const problem = attributesProblem(requestAttributes, 'requestAttributes')
    if (problem !== null) return problem
  }
  if (contexts) {
    const problem = contextsProblem(contexts)
    if (problem !== null) return problem
  }
  if (recentIntents && recentIntents.length > sessionLimits.recentIntents) {
    return `recentIntents has ${recentIntents.length} intents; ${sessionLimits.recentIntents} are allowed`
  }
  for (const { slots } of recentIntents ?? []) {
    if (characters(slots) > sessionLimits.attributeCharacters)
      return 'the slots of a recent intent are too large'
  }
  if (remember) {
    const memory = { ...session.memory, ...remember }
    const size = characters(memory)
    if (
      Object.keys(memory).length > sessionLimits.memoryEntries ||
      size > sessionLimits.memoryCharacters
    ) {
      return `remember: a user's memory has at most ${sessionLimits.memoryEntries} entries and ${sessionLimits.memoryCharacters} characters`
    }
  }
  if ('said' in action && action.said) {
    const problem = saidProblem(action.said)
    if (problem !== null) return problem
  }
  if ('slots' in action && action.slots) {
    for (const [name, value] of Object.entries(action.slots)) {
      if (value && slotProblem(value)) return `slot ${name.slice(0, 60)}: ${slotProblem(value)}`
    }
  }
  return null
}

export function attributesProblem(
  attributes: Readonly<Record<string, string>>,
  what = 'sessionAttributes',
): string | null {
  const count = Object.keys(attributes).length
  if (count > sessionLimits.attributes) {
    return `${what} has ${count} entries; ${sessionLimits.attributes} are allowed`
  }
  const size = characters(attributes)
  return size > sessionLimits.attributeCharacters
    ? `${what} has ${size} characters; ${sessionLimits.attributeCharacters} are allowed`
    : null
}

export function contextsProblem(contexts: readonly ActiveContext[]): string | null {
  if (contexts.length > sessionLimits.contexts) {
    return `there are ${contexts.length} contexts; ${sessionLimits.contexts} are allowed`
  }
  for (const { name, parameters } of contexts) {
    if (name.length > sessionLimits.nameLength) return 'the name of a context is too long'
    const values = Object.values(parameters)
    if (values.length > sessionLimits.contextParameters) {
      return `context ${name} has ${values.length} parameters; ${sessionLimits.contextParameters} are allowed`
    }
    if (
      characters(parameters) >
      sessionLimits.contextParameters * (sessionLimits.valueLength + sessionLimits.nameLength)
    ) {
      return `the parameters of context ${name} are too long`
    }
  }
  return null
}

export function slotProblem({ original, value, resolved, values }: SlotValue): string | null {
  const long = [original, value, ...resolved].some(
    (text) => text.length > sessionLimits.valueLength,
  )
  if (long) return `a value has at most ${sessionLimits.valueLength} characters`
  if (resolved.length > sessionLimits.values)
    return `at most ${sessionLimits.values} resolved values are kept`
  if (!values) return null
  if (values.length > sessionLimits.values) return `at most ${sessionLimits.values} values are kept`
  for (const one of values) {
    const problem = one.values ? 'a value in a list has no list of its own' : slotProblem(one)
    if (problem !== null) return problem
  }
  return null
}

function saidProblem({ messages, card }: Said): string | null {
  if (messages.length > sessionLimits.messages) {
    return `there are ${messages.length} messages; ${sessionLimits.messages} are allowed`
  }
  for (const { content, card: own } of messages) {
    if (content.length > sessionLimits.messageLength) {
      return `a message has ${content.length} characters; ${sessionLimits.messageLength} are allowed`
    }
    if (own && JSON.stringify(own).length > 10_000) return 'a card of a message is too large'
  }
  return card && JSON.stringify(card).length > 50_000 ? 'the response card is too large' : null
}

function characters(record: Readonly<Record<string, string | null>>): number {
  let size = 0
  for (const [name, value] of Object.entries(record)) size += name.length + (value?.length ?? 0)
  return size
}
