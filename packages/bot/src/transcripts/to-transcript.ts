/** A conversation that was held, as a transcript file: personal data masked, so that it can be kept beside the code as a test. */
import type { LocaleModel } from '../model/bot-model.ts'
import type { TranscriptTurn } from '../service/service-contract.ts'
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

const personalTypes =
  /^AMAZON\.(?:FirstName|LastName|Person|EmailAddress|PhoneNumber|PostalAddress|StreetAddress|StreetName|UKPostalCode|[A-Z]+_(?:FIRST|LAST)_NAME)$/

/** Turns the oldest first, as `BotService.transcript` gives them. */
export function toTranscript(
  turns: readonly TranscriptTurn[],
  options: ToTranscriptOptions = {},
): TranscriptFile {
  const { bot, locale, description, model, mask = maskPersonal } = options
  const secrets = mask === false || !model ? [] : personalValues(turns, model)
  const clean = (text: string) => {
    if (mask === false) return text
    let masked = text
    for (const secret of secrets) masked = masked.replaceAll(secret, '****')
    return mask(masked)
  }
  return {
    ...(bot === undefined ? {} : { bot }),
    ...(locale === undefined ? {} : { locale }),
    ...(description === undefined ? {} : { description }),
    turns: turns.map((turn) => scripted(turn, clean)),
  }
}

/** Mail addresses, numbers of telephones, cards and accounts. */
export function maskPersonal(text: string): string {
  return text
    .replace(/[^\s@<>()]{1,64}@[^\s@<>()]{1,255}/g, '****')
    .replace(/\+?\d(?:[\s()./-]{0,2}\d){6,30}/g, '****')
}

function scripted(
  { text, reply, failure, from }: TranscriptTurn,
  clean: (text: string) => string,
): ScriptedTurn | PersonTurn {
  if (from === 'person') return { person: clean(text) }
  if (failure) return { user: clean(text), failure: failure.code }
  if (!reply) return { user: clean(text) }
  const said = reply.said?.messages.map(({ content }) => clean(content)) ?? []
  const slots: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.intent?.slots ?? {})) {
    if (value) slots[name] = clean(value.value)
  }
  return {
    user: clean(text),
    bot: said.length === 0 ? null : said.length === 1 ? (said[0] as string) : said,
    ...(reply.intent ? { intent: reply.intent.name } : {}),
    state: reply.dialogState,
    ...(reply.slotToElicit === null ? {} : { asks: reply.slotToElicit }),
    ...(Object.keys(slots).length === 0 ? {} : { slots }),
  }
}

/** Longest first, so that a part does not spoil the whole. */
function personalValues(turns: readonly TranscriptTurn[], model: LocaleModel): string[] {
  const personal = new Set(
    model.intents.flatMap(({ name, slots }) =>
      slots
        .filter(({ type, obfuscated }) => obfuscated || personalTypes.test(type))
        .map((slot) => `${name} ${slot.name}`),
    ),
  )
  const values = new Set<string>()
  for (const { reply } of turns) {
    const intent = reply?.intent
    for (const [slot, value] of Object.entries(intent?.slots ?? {})) {
      if (!value || !personal.has(`${intent?.name} ${slot}`)) continue
      for (const text of [value.original, value.value]) if (text.length > 1) values.add(text)
    }
  }
  return [...values].sort((a, b) => b.length - a.length)
}
