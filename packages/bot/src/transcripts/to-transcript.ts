/**
 * A conversation that was held, as a transcript file: personal data masked, so that it can be kept beside the code as a test. What
 * users said of themselves gives way to stand-ins of the same kind, so that the transcript runs; where the bot says it again, and in
 * slots, `****` stands for anything.
 */
import type { LocaleModel } from '../model/bot-model.ts'
import type { TranscriptTurn } from '../service/service-contract.ts'
import { anonymous, isPersonal, standIn } from './stand-ins.ts'
import type { PersonTurn, ScriptedTurn, TranscriptFile } from './transcript-file.ts'

export interface ToTranscriptOptions {
  readonly bot?: string
  readonly locale?: string
  readonly description?: string
  /** Names slots whose values are personal: by their types (names, addresses, numbers), and obfuscated ones. */
  readonly model?: LocaleModel
  /** Masks the texts further; false: nothing is masked but what was already. */
  readonly mask?: ((text: string) => string) | false
}

/** Turns the oldest first, as `BotService.transcript` gives them. */
export function toTranscript(
  turns: readonly TranscriptTurn[],
  options: ToTranscriptOptions = {},
): TranscriptFile {
  const { bot, locale, description, model, mask = maskPersonal } = options
  const secrets = mask === false || !model ? [] : personalValues(turns, model)
  const shown = (text: string) => {
    if (mask === false) return text
    let masked = text
    for (const { value } of secrets) masked = masked.replace(wherever(value), '****')
    return mask(masked)
  }
  const said = (text: string, before: TranscriptTurn | undefined) => {
    if (mask === false) return text
    let masked = text
    for (const { value, instead } of secrets) {
      masked = masked.replace(wherever(value), () => instead ?? '****')
    }
    // The service has masked all of an answer that was kept from view.
    if (masked.trim() === '****' && model) masked = answerTo(before, model) ?? masked
    return mask === maskPersonal ? anonymous(masked) : mask(masked)
  }
  return {
    ...(bot === undefined ? {} : { bot }),
    ...(locale === undefined ? {} : { locale }),
    ...(description === undefined ? {} : { description }),
    turns: turns.map((turn, i) => scripted(turn, said(turn.text, turns[i - 1]), shown)),
  }
}

/** Mail addresses, numbers of telephones, cards and accounts. */
export function maskPersonal(text: string): string {
  return text
    .replace(/[^\s@<>()]{1,64}@[^\s@<>()]{1,255}/g, '****')
    .replace(/\+?\d(?:[\s()./-]{0,2}\d){6,30}/g, '****')
}

function scripted(
  { reply, failure, from }: TranscriptTurn,
  user: string,
  clean: (text: string) => string,
): ScriptedTurn | PersonTurn {
  if (from === 'person') return { person: user }
  if (failure) return { user, failure: failure.code }
  if (!reply) return { user }
  const said = reply.said?.messages.map(({ content }) => clean(content)) ?? []
  const slots: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.intent?.slots ?? {})) {
    if (value) slots[name] = clean(value.value)
  }
  return {
    user,
    bot: said.length === 0 ? null : said.length === 1 ? (said[0] as string) : said,
    ...(reply.intent ? { intent: reply.intent.name } : {}),
    state: reply.dialogState,
    ...(reply.slotToElicit === null ? {} : { asks: reply.slotToElicit }),
    ...(Object.keys(slots).length === 0 ? {} : { slots }),
  }
}

interface Secret {
  readonly value: string
  readonly instead: string | undefined
}

/** Longest first, so that a part does not spoil the whole. */
function personalValues(turns: readonly TranscriptTurn[], model: LocaleModel): Secret[] {
  const types = new Map<string, string>()
  for (const { name, slots } of model.intents) {
    for (const slot of slots) {
      if (slot.obfuscated || isPersonal(slot.type)) types.set(`${name} ${slot.name}`, slot.type)
    }
  }
  const secrets = new Map<string, Secret>()
  for (const { reply } of turns) {
    const intent = reply?.intent
    for (const [slot, value] of Object.entries(intent?.slots ?? {})) {
      const type = types.get(`${intent?.name} ${slot}`)
      if (!value || type === undefined) continue
      for (const text of [value.original, value.value]) {
        if (text.length > 1 && !/^\*+$/.test(text)) {
          secrets.set(text.toLowerCase(), { value: text, instead: standIn(type, model) })
        }
      }
    }
  }
  return [...secrets.values()].sort((a, b) => b.value.length - a.value.length)
}

/** A stand-in for an answer to what was asked last. */
function answerTo(before: TranscriptTurn | undefined, model: LocaleModel): string | undefined {
  const { intent, slotToElicit } = before?.reply ?? {}
  const slots = model.intents.find(({ name }) => name === intent?.name)?.slots
  const slot = slots?.find(({ name }) => name === slotToElicit)
  return slot && standIn(slot.type, model)
}

/** In any case; a short one as a word only, lest "Al" be found in "also". */
function wherever(value: string): RegExp {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = value.length > 3 ? escaped : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`
  return new RegExp(pattern, 'giu')
}
