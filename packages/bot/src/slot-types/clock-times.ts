/**
 * Times as Lex writes them: `15:30`, and `MO`, `AF`, `EV`, `NI` for parts of the day. A time that could be before or after noon
 * resolves to both, the one that comes first from now on first.
 */
import { civilTime } from '@typestead/nlu'
import { recognised } from './numbers.ts'
import type { BuiltinValue } from './resolve-builtin.ts'
import type { AnswerContext } from './resolve-slot.ts'
import { withDigits } from './spelled-numbers.ts'
import { spokenTime } from './spoken-times.ts'

export function resolveTime(answer: string, context: AnswerContext): BuiltinValue | null {
  const said = withDigits(answer, context.language)
  const { text } = said
  const bare =
    /^\s*(?:at |um |à |a las |by )?(\d{1,2})(?::(\d{2}))?\s*(?:o'?clock|uhr|heures?|h)?\s*$/iu.exec(
      text,
    )
  if (bare) {
    const value = clock(Number(bare[1]), Number(bare[2] ?? 0))
    const certain = bare[1]?.startsWith('0') || Number(bare[1]) > 12 || /uhr/i.test(text)
    return value === null ? null : certain ? { value } : eitherHalf(value, context)
  }
  if (/^\s*(?:right )?now[.!]?\s*$/i.test(text) && context.language === 'en') {
    return { value: clockOf(new Date(context.now).toISOString(), context.timeZone) }
  }
  const spoken = spokenTime(text, context.language)
  if (spoken) {
    const value = clock(spoken.hour, spoken.minute) as string
    const original = said.original(spoken.start, spoken.end)
    return spoken.certain || /uhr|midi|mittag|midday|mediod|正午/iu.test(text)
      ? { value, original }
      : { ...eitherHalf(value, context), original }
  }
  for (const found of recognised(text, context)) {
    if (isCount(text, found.start, found.end)) continue
    const original = said.original(found.start, found.end)
    if (found.entity === 'time' && typeof found.value === 'string') {
      const value = clockOf(found.value, context.timeZone)
      const certain =
        /[ap]\.?m\b|noon|midnight|morning|afternoon|evening|night|uhr|\d{2}:\d{2}|\d+\s*h|[午]|\bin\b|dans|dentro/iu.test(
          text,
        )
      return certain || Number(value.slice(0, 2)) > 12
        ? { value, original }
        : { ...eitherHalf(value, context), original }
    }
    if (found.entity === 'time_range' && typeof found.value === 'object' && found.value !== null) {
      const from: unknown = Reflect.get(found.value, 'from')
      if (typeof from !== 'string') continue
      const part = partOfDay(clockOf(from, context.timeZone))
      if (part !== null) return { value: part, original }
    }
  }
  return null
}
/** "for 3 to 5 people": numbers within a sentence that nothing marks as a time. */
function isCount(text: string, start: number, end: number): boolean {
  const found = text.slice(start, end).trim()
  if (!/^(?:las? |los )?\d{1,2}(?:\s*(?:to|-|–|bis|à|a)\s*\d{1,2})?$/iu.test(found)) return false
  if (
    /(?:^|\s)(?:at|by|around|about|um|gegen|à|vers|from|between|a)\s*$/iu.test(text.slice(0, start))
  ) {
    return false
  }
  return text.trim().length > found.length
}

function clock(hour: number, minute: number): string | null {
  if (hour > 24 || minute > 59) return null
  return `${String(hour % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

function clockOf(instant: string, timeZone: string): string {
  const { hour, minute } = civilTime(new Date(instant), timeZone)
  return clock(hour, minute) as string
}

/** By the hours at which the recogniser lets parts of the day begin. */
function partOfDay(time: string): string | null {
  const hour = Number(time.slice(0, 2))
  if (hour >= 5 && hour < 12) return 'MO'
  if (hour >= 12 && hour < 17) return 'AF'
  if (hour >= 17 && hour < 20) return 'EV'
  return hour >= 20 || hour < 5 ? 'NI' : null
}

function eitherHalf(time: string, { now, timeZone }: AnswerContext): BuiltinValue {
  const hour = Number(time.slice(0, 2)) % 12
  const minute = time.slice(3)
  const halves = [hour, hour + 12].map((value) => `${String(value).padStart(2, '0')}:${minute}`)
  const current = clockOf(new Date(now).toISOString(), timeZone)
  const ahead = halves.filter((half) => half > current)
  const resolved = [...ahead, ...halves.filter((half) => half <= current)]
  return { value: resolved[0] as string, resolved }
}
