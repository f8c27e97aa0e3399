/** Words, statements, prompts and cards of a definition, as the model has them. What is of no known shape is told with its path. */
import type {
  CardAttachment,
  ConfirmationModel,
  Message,
  MessageGroup,
  PromptModel,
  ResponseCard,
  StatementModel,
} from './bot-model.ts'
import { at, type Issues } from './issues.ts'

const contentTypes: readonly string[] = ['PlainText', 'SSML', 'CustomPayload', 'ImageResponseCard']
/** How often Lex's console asks again when nobody says. */
const defaultRetries = 2

export function compileStatement(given: unknown, path: string, issues: Issues): StatementModel {
  const { words, card } = statementParts(given)
  return {
    groups: compileWords(words, path, issues),
    card: card === undefined ? null : compileCard(card, at(path, 'card'), issues),
  }
}

export function compilePrompt(
  asking: { readonly prompt?: unknown; readonly retries?: unknown; readonly selection?: unknown },
  path: string,
  issues: Issues,
): PromptModel {
  const { groups, card } = compileStatement(asking.prompt, at(path, 'prompt'), issues)
  const { retries = defaultRetries, selection = 'random' } = asking
  if (selection !== 'random' && selection !== 'ordered') {
    issues.error(at(path, 'selection'), `must be random or ordered, got ${shown(selection)}`)
  }
  const attempts = Array.isArray(retries)
    ? retries.map((words, i) => compileWords(words, at(at(path, 'retries'), i), issues))
    : []
  if (!Array.isArray(retries) && typeof retries !== 'number') {
    issues.error(at(path, 'retries'), 'must be a number from 0 to 5, or how each retry is worded')
  }
  return {
    retries: Array.isArray(retries) ? retries.length : Number(retries),
    selection: selection === 'ordered' ? 'Ordered' : 'Random',
    groups,
    attempts,
    card,
  }
}

export function compileConfirmation(
  given: { readonly prompt?: unknown; readonly rejection?: unknown },
  path: string,
  issues: Issues,
): ConfirmationModel {
  return {
    prompt: compilePrompt(given, path, issues),
    rejection: compileStatement(given.rejection, at(path, 'rejection'), issues),
  }
}

/** `{prompt, retries}`, or words alone. */
export function compileAsking(given: unknown, path: string, issues: Issues): PromptModel {
  if (isRecord(given) && 'prompt' in given) return compilePrompt(given, path, issues)
  return compilePrompt({ prompt: given }, path, issues)
}

/** A text, variants, or groups of variants. */
export function compileWords(given: unknown, path: string, issues: Issues): MessageGroup[] {
  if (!Array.isArray(given)) return [[compileMessage(given, path, issues)]]
  if (given.length === 0) {
    issues.error(path, 'is empty; write at least one text')
    issues.leaveOut(path)
    return []
  }
  const nested = given.filter((part) => Array.isArray(part)).length
  if (nested > 0 && nested < given.length) {
    issues.error(path, 'mixes texts and lists; write either variants, or groups of variants')
    return []
  }
  if (nested === 0) return [given.map((part, i) => compileMessage(part, at(path, i), issues))]
  return given.map((group: unknown[], g) => {
    if (group.length === 0) issues.error(at(path, g), 'is empty; write at least one text')
    return group.map((part, i) => compileMessage(part, at(at(path, g), i), issues))
  })
}

function compileMessage(given: unknown, path: string, issues: Issues): Message {
  if (typeof given === 'string') return { contentType: 'PlainText', content: given }
  if (isRecord(given)) {
    const {
      type = given.card === undefined ? 'PlainText' : 'ImageResponseCard',
      content,
      card,
    } = given
    if (typeof type === 'string' && contentTypes.includes(type) && typeof content === 'string') {
      return {
        // One of the four, as the line above asked.
        contentType: type as Message['contentType'],
        content,
        ...(card === undefined ? {} : { card: compileAttachment(card, at(path, 'card'), issues) }),
      }
    }
  }
  issues.error(
    path,
    `must be a text or {type: ${contentTypes.join(' | ')}, content}, got ${shown(given)}`,
  )
  issues.leaveOut(path)
  return { contentType: 'PlainText', content: '' }
}

function compileCard(given: unknown, path: string, issues: Issues): ResponseCard {
  const attachments: unknown[] = Array.isArray(given) ? given : [given]
  return {
    attachments: attachments.map((attachment, i) =>
      compileAttachment(attachment, Array.isArray(given) ? at(path, i) : path, issues),
    ),
  }
}

function compileAttachment(given: unknown, path: string, issues: Issues): CardAttachment {
  if (!isRecord(given) || typeof given.title !== 'string') {
    issues.error(path, 'must be {title, subTitle?, imageUrl?, attachmentLinkUrl?, buttons?}')
    return { title: '' }
  }
  const { title, buttons } = given
  const text = (key: 'subTitle' | 'imageUrl' | 'attachmentLinkUrl') => {
    const value = given[key]
    if (value === undefined || value === null) return {}
    if (typeof value === 'string') return { [key]: value }
    issues.error(at(path, key), `must be a text, got ${shown(value)}`)
    return {}
  }
  return {
    title,
    ...text('subTitle'),
    ...text('imageUrl'),
    ...text('attachmentLinkUrl'),
    ...(buttons === undefined || buttons === null
      ? {}
      : { buttons: compileButtons(buttons, at(path, 'buttons'), issues) }),
  }
}

function compileButtons(given: unknown, path: string, issues: Issues) {
  if (!Array.isArray(given)) {
    issues.error(path, 'must be a list of {text, value}')
    return []
  }
  return given.map((button: unknown, i) => {
    if (typeof button === 'string') return { text: button, value: button }
    if (isRecord(button) && typeof button.text === 'string' && typeof button.value === 'string') {
      return { text: button.text, value: button.value }
    }
    issues.error(at(path, i), 'must be {text, value} or a text that is both')
    return { text: '', value: '' }
  })
}

function statementParts(given: unknown): { words: unknown; card?: unknown } {
  if (isRecord(given) && 'messages' in given) return { words: given.messages, card: given.card }
  return { words: given }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60)
}
