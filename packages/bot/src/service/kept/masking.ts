/**
 * Values of obfuscated slots, masked wherever a turn shows them: its text, events, effects, replies and session. What is kept
 * stays whole, so that it replays; what is read for people goes through here.
 */
import type { Session, SlotValue } from '../../dialogue/session.ts'
import type { BotModel } from '../../model/bot-model.ts'

export const mask = '****'

/** Values that must not be shown: what obfuscated slots hold, and an answer given while one was asked for. */
export function secretsOf(
  model: BotModel,
  sessions: readonly (Session | null)[],
  answer?: { readonly before: Session | null; readonly text: string },
): string[] {
  const secrets = new Set<string>()
  for (const session of sessions) {
    if (session === null) continue
    const hidden = obfuscated(model, session.locale)
    if (hidden.size === 0) continue
    for (const intent of [session.intent, ...session.stack]) {
      for (const [slot, value] of Object.entries(intent?.slots ?? {})) {
        if (value && hidden.has(`${intent?.name}.${slot}`)) addValues(secrets, value)
      }
    }
    for (const { intentName, slots } of session.recentIntents) {
      for (const [slot, value] of Object.entries(slots)) {
        if (value && hidden.has(`${intentName}.${slot}`)) secrets.add(value)
      }
    }
  }
  const asked = answer?.before?.intent
  if (answer?.before && asked?.eliciting?.type === 'slot') {
    const hidden = obfuscated(model, answer.before.locale)
    if (hidden.has(`${asked.name}.${asked.eliciting.slot}`)) secrets.add(answer.text)
  }
  // The longest first: a value within another must not leave the rest of it.
  return [...secrets].filter((one) => one.trim() !== '').sort((a, b) => b.length - a.length)
}

export function maskText(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const secret of secrets) masked = masked.replace(pattern(secret), mask)
  return masked
}

/** A value of JSON with every text in it masked. */
export function maskJson<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value
  // Texts stay texts, and the shape stays as it is.
  return maskAny(value, secrets) as T
}

function maskAny(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return maskText(value, secrets)
  if (Array.isArray(value)) return value.map((one) => maskAny(one, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, maskAny(one, secrets)]),
  )
}

function addValues(secrets: Set<string>, { original, value, resolved, values }: SlotValue): void {
  for (const one of [original, value, ...resolved]) secrets.add(one)
  for (const one of values ?? []) addValues(secrets, one)
}

const hiddenOf = new WeakMap<BotModel, Map<string, ReadonlySet<string>>>()

/** `<intent>.<slot>` of a locale's obfuscated slots. */
function obfuscated(model: BotModel, locale: string): ReadonlySet<string> {
  const known = hiddenOf.get(model) ?? new Map<string, ReadonlySet<string>>()
  hiddenOf.set(model, known)
  const found = known.get(locale)
  if (found) return found
  const names = new Set(
    (model.locales[locale]?.intents ?? []).flatMap(({ name, slots }) =>
      slots.filter((slot) => slot.obfuscated).map((slot) => `${name}.${slot.name}`),
    ),
  )
  known.set(locale, names)
  return names
}

/** Whole words only where the secret begins or ends with a letter or digit: a "7" must not mask all sevens of a date. */
function pattern(secret: string): RegExp {
  const escaped = secret.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const word = /[\p{L}\p{N}]/u
  const first = [...secret][0] ?? ''
  const last = [...secret].at(-1) ?? ''
  return new RegExp(
    `${word.test(first) ? '(?<![\\p{L}\\p{N}])' : ''}${escaped}${word.test(last) ? '(?![\\p{L}\\p{N}])' : ''}`,
    'giu',
  )
}
