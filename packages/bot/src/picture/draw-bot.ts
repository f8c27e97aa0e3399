/**
 * A bot's dialogue as a picture: for each intent the questions in the order of asking, the confirmation, hooks, fulfilment, and
 * where a "no" or used-up attempts lead. SVG for light and dark pages; what users wrote is text in it, never markup.
 */
import type { BotModel, IntentModel, LocaleModel, MessageGroup } from '../model/bot-model.ts'
import { Drawing } from './drawing.ts'

export interface DrawBotOptions {
  /** The bot's default language when absent. */
  readonly locale?: string
  /** Marks where a conversation stands. */
  readonly current?: { readonly intent: string; readonly slot: string | null }
  /** Of the SVG's `id`s, where several pictures are on one page. */
  readonly idPrefix?: string
}

const step = { width: 210, gap: 46, height: 88 }
/** Between intents, in pixels. */
const between = 40
/** An intent with more slots has the rest counted. */
const maxSlots = 12
const left = 24
const top = 88

/** @throws {RangeError} for a locale that the bot does not have */
export function drawBot(model: BotModel, options: DrawBotOptions = {}): string {
  const { locale: name = model.defaultLocale, current, idPrefix = 'bot' } = options
  const locale = Object.hasOwn(model.locales, name) ? model.locales[name] : undefined
  if (!locale) {
    throw new RangeError(
      `${model.name} has no language ${name}; it has ${Object.keys(model.locales).join(', ')}`,
    )
  }
  const intents = ordered(locale)
  const drawing = new Drawing(idPrefix)
  drawing.heading(left, 34, model.name)
  drawing.caption(
    left,
    56,
    `${name} · ${count(intents.length, 'intent')} · a session ends after ${model.sessionTtlSeconds} s`,
  )
  let y = top
  for (const intent of intents) y = drawIntent(drawing, locale, intent, y, current) + between
  return drawing.svg({
    title: `Dialogue of ${model.name}`,
    description: describe(model, locale, intents),
  })
}

/** The fallback intent last. */
function ordered({ intents, fallbackIntent }: LocaleModel): IntentModel[] {
  return [
    ...intents.filter(({ name }) => name !== fallbackIntent),
    ...intents.filter(({ name }) => name === fallbackIntent),
  ]
}

interface Step {
  readonly kind: string
  readonly title: string
  readonly text: string
  readonly below?: string
  readonly now?: boolean
  /** How often it is asked again. */
  readonly retries?: number
}

/** @returns where it ends */
function drawIntent(
  drawing: Drawing,
  locale: LocaleModel,
  intent: IntentModel,
  y: number,
  current: DrawBotOptions['current'],
): number {
  const here = current?.intent === intent.name
  const isFallback = intent.name === locale.fallbackIntent
  const [utterance] = intent.utterances
  const steps: Step[] = [
    {
      kind: isFallback ? 'fallback' : 'intent',
      title: intent.name,
      text: isFallback
        ? 'what no other intent takes'
        : utterance === undefined
          ? 'begun by a hook'
          : `“${utterance}”`,
      ...(intent.utterances.length > 1
        ? { below: `and ${count(intent.utterances.length - 1, 'utterance')} more` }
        : {}),
      now: here && current.slot === null,
    },
  ]
  const asked = intent.slots.filter((slot) => slot.required || slot.asked)
  for (const slot of asked.slice(0, maxSlots)) {
    steps.push({
      kind: 'slot',
      retries: slot.prompt?.retries ?? 0,
      title: `${steps.length}. ${slot.name}`,
      text: firstWords(slot.prompt?.groups) ?? 'asked by the hook',
      below: `${slot.type}${slot.required ? '' : ', may be skipped'} · ${count(slot.prompt?.retries ?? 0, 'retry', 'retries')}`,
      now: here && current.slot === slot.name,
    })
  }
  if (asked.length > maxSlots) {
    steps.push({ kind: 'slot', title: '…', text: `and ${asked.length - maxSlots} slots more` })
  }
  if (intent.confirmation) {
    steps.push({
      kind: 'confirm',
      retries: intent.confirmation.prompt.retries,
      title: 'Yes or no',
      text: firstWords(intent.confirmation.prompt.groups) ?? '',
      below: `no: ${firstWords(intent.confirmation.rejection.groups) ?? ''}`,
    })
  }
  steps.push({
    kind: 'end',
    title: intent.fulfilmentHook === null ? 'Back to the caller' : 'Fulfilment',
    text: intent.fulfilmentHook ?? 'slots are returned',
    ...(intent.followUp
      ? { below: `then: ${firstWords(intent.followUp.prompt.groups) ?? ''}` }
      : intent.closing
        ? { below: firstWords(intent.closing.groups) ?? '' }
        : {}),
  })
  steps.forEach(({ kind, title, text, below = '', now = false, retries = 0 }, i) => {
    const x = left + i * (step.width + step.gap)
    if (i > 0) drawing.arrow(x - step.gap, y + step.height / 2, x, y + step.height / 2)
    if (retries > 0) drawing.loop(x, y, step.width)
    drawing.box({ x, y, width: step.width, height: step.height, kind, title, text, below, now })
  })
  return drawNotes(drawing, locale, intent, y + step.height + 20)
}

function drawNotes(drawing: Drawing, locale: LocaleModel, intent: IntentModel, y: number): number {
  const optional = intent.slots.filter(({ required, asked }) => !required && !asked)
  const { fallbackIntent } = locale
  const usedUp =
    fallbackIntent !== null && fallbackIntent !== intent.name
      ? `attempts used up: ${fallbackIntent}`
      : `attempts used up: ${firstWords(locale.abort?.groups) ?? 'it ends'}`
  const notes = [
    intent.dialogHook === null ? null : `each understood input: hook ${intent.dialogHook}`,
    intent.slots.length === 0 && !intent.confirmation ? null : usedUp,
    optional.length === 0 ? null : `not asked for: ${optional.map(({ name }) => name).join(', ')}`,
    intent.inputContexts.length === 0
      ? null
      : `only while active: ${intent.inputContexts.join(', ')}`,
    intent.outputContexts.length === 0
      ? null
      : `makes active: ${intent.outputContexts.map(({ name }) => name).join(', ')}`,
  ].filter((text) => text !== null)
  notes.forEach((text, i) => {
    drawing.caption(left + 8, y + i * 18, text)
  })
  return y + notes.length * 18
}

function describe(model: BotModel, locale: LocaleModel, intents: readonly IntentModel[]): string {
  const ways = intents.slice(0, 50).map(({ name, slots, confirmation, fulfilmentHook }) => {
    const asked = slots
      .filter(({ required, asked: also }) => required || also)
      .map((slot) => slot.name)
    const end =
      fulfilmentHook === null ? 'slots are returned to the caller' : `${fulfilmentHook} fulfils it`
    return `${name}: ${asked.length === 0 ? 'asks for nothing' : `asks for ${asked.join(', then ')}`}${confirmation ? ', then yes or no' : ''}; ${end}.`
  })
  return `${model.name} in ${locale.locale} has ${count(intents.length, 'intent')}. ${ways.join(' ')}`
}

function firstWords(groups: readonly MessageGroup[] | undefined): string | undefined {
  return groups?.[0]?.[0]?.content
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
