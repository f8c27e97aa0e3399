/** Which of a bot's languages a user is answered in. */
import { BotError } from '../../bot-error.ts'
import type { BotModel } from '../../model/bot-model.ts'

/**
 * `en-US` is `en_US`. Callers of an API get what they ask for; a messenger's user (`lenient`) is answered in their language as
 * another country speaks it, or in the bot's own.
 * @throws {BotError} NOT_FOUND
 */
export function localeOf(model: BotModel, asked: string | undefined, lenient: boolean): string {
  if (asked === undefined) return model.defaultLocale
  const names = Object.keys(model.locales)
  const wanted = asked.replace('-', '_')
  if (names.includes(wanted)) return wanted
  if (lenient) {
    const language = wanted.split('_')[0]
    return names.find((name) => name.split('_')[0] === language) ?? model.defaultLocale
  }
  throw new BotError(
    'NOT_FOUND',
    `bot "${model.name}" does not speak ${asked}; it speaks ${names.join(', ')}`,
  )
}
