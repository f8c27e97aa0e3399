/** Changes of a bot's draft, each a new value; what a form does not show stays as it was. */
import type { BotShape, IntentShape, LocaleShape, PromptShape, SlotShape } from './bot-shape.ts'

/** What the form of an intent shows. */
export interface IntentForm {
  /** One a line. */
  readonly utterances: string
  readonly slots: readonly SlotForm[]
  /** Empty: it is not asked. */
  readonly confirmation: string
  readonly rejection: string
  readonly dialogHook: string
  /** Empty: the slots are returned to the caller. */
  readonly fulfilmentHook: string
}

export interface SlotForm {
  readonly name: string
  readonly type: string
  readonly required: boolean
  /** The first asking. */
  readonly prompt: string
  /** How it is asked again, one a line. */
  readonly retries: string
}

export function localeOf(bot: BotShape): LocaleShape {
  return bot.locales[bot.defaultLocale] ?? { intents: [], slotTypes: [] }
}

export function formOf(intent: IntentShape): IntentForm {
  return {
    utterances: intent.utterances.join('\n'),
    slots: intent.slots.map(({ name, type, required, prompt }) => ({
      name,
      type,
      required,
      prompt: firstText(prompt),
      retries: (prompt?.attempts ?? []).map((groups) => groups[0]?.[0]?.content ?? '').join('\n'),
    })),
    confirmation: firstText(intent.confirmation?.prompt ?? null),
    rejection: intent.confirmation?.rejection.groups[0]?.[0]?.content ?? '',
    dialogHook: intent.dialogHook ?? '',
    fulfilmentHook: intent.fulfilmentHook ?? '',
  }
}

export function changed(intent: IntentShape, form: IntentForm): IntentShape {
  const { confirmation, rejection } = form
  return {
    ...intent,
    utterances: linesOf(form.utterances),
    slots: form.slots.map((slot, at) => slotOf(intent, slot, at)),
    confirmation:
      confirmation.trim() === ''
        ? null
        : {
            prompt: promptOf(intent.confirmation?.prompt ?? null, confirmation, null),
            rejection: {
              card: intent.confirmation?.rejection.card ?? null,
              groups: [[plain(rejection.trim() || 'Okay.')]],
            },
          },
    dialogHook: form.dialogHook.trim() || null,
    fulfilmentHook: form.fulfilmentHook.trim() || null,
  }
}

/** The bot with an intent put in the place of the one of that name, or added at the end. */
export function withIntent(bot: BotShape, intent: IntentShape): BotShape {
  return withIntents(bot, (intents) =>
    intents.some(({ name }) => name === intent.name)
      ? intents.map((one) => (one.name === intent.name ? intent : one))
      : [...intents, intent],
  )
}

export function withoutIntent(bot: BotShape, name: string): BotShape {
  return withIntents(bot, (intents) => intents.filter((one) => one.name !== name))
}

export function newIntent(name: string): IntentShape {
  return {
    name,
    description: '',
    builtin: null,
    utterances: [],
    slots: [],
    confirmation: null,
    dialogHook: null,
    fulfilmentHook: null,
    success: null,
    failure: null,
    followUp: null,
    closing: null,
    inputContexts: [],
    outputContexts: [],
  }
}

/** The least that can be built: it says what it can do, and does nothing yet. */
export function newBot(name: string): { readonly name: string; readonly [part: string]: unknown } {
  return {
    name,
    intents: {
      Hello: {
        utterances: ['hello', 'good morning', 'hi there'],
        closing: 'Hello! I am new here.',
      },
    },
    clarification: { prompt: 'Sorry, I did not understand. Please say it in other words.' },
  }
}

function withIntents(
  bot: BotShape,
  change: (intents: readonly IntentShape[]) => readonly IntentShape[],
): BotShape {
  const locale = localeOf(bot)
  return {
    ...bot,
    locales: {
      ...bot.locales,
      [bot.defaultLocale]: { ...locale, intents: change(locale.intents) },
    },
  }
}

function slotOf(intent: IntentShape, form: SlotForm, at: number): SlotShape {
  const before = intent.slots.find(({ name }) => name === form.name)
  return {
    utterances: [],
    defaults: [],
    multiple: false,
    obfuscated: false,
    ...before,
    name: form.name.trim(),
    type: form.type.trim(),
    required: form.required,
    priority: at + 1,
    prompt:
      form.prompt.trim() === ''
        ? null
        : promptOf(before?.prompt ?? null, form.prompt, linesOf(form.retries)),
  }
}

/** @param retries null: as they were */
function promptOf(
  before: PromptShape | null,
  text: string,
  retries: readonly string[] | null,
): PromptShape {
  const groups = [[plain(text.trim())], ...(before?.groups.slice(1) ?? [])]
  const kept = before ?? { retries: 2, selection: 'Ordered' as const, attempts: [], card: null }
  if (retries === null) return { ...kept, groups }
  return {
    ...kept,
    groups,
    retries: retries.length === 0 ? kept.retries : Math.min(5, retries.length),
    attempts: retries.slice(0, 5).map((retry) => [[plain(retry)]]),
  }
}

function firstText(prompt: PromptShape | null): string {
  return prompt?.groups[0]?.[0]?.content ?? ''
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function plain(content: string) {
  return { contentType: 'PlainText', content }
}
