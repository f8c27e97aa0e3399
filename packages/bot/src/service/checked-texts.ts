/** Attributes come from JavaScript and JSON too: what is no text would be kept, and break whoever reads it as one. */
import { BotError } from '../bot-error.ts'

/** @throws {BotError} BAD_INPUT naming the attribute */
export function checkTexts(name: string, attributes: unknown): void {
  if (attributes === undefined) return
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    throw new BotError('BAD_INPUT', `${name} must be an object of texts`)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string') continue
    const found = value === null ? 'null' : typeof value
    throw new BotError('BAD_INPUT', `${name}.${key} must be text, got ${found}; write it as text`)
  }
}
