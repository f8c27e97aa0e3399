/** The compiled model of a small bot, written out. */
import type { BotModel, IntentModel, PromptModel, SlotModel } from '../../src/model/bot-model.ts'
import { languageDefaults } from '../../src/model/default-phrases.ts'

export function purchaseModel(): BotModel {
  return {
    format: 1,
    name: 'PurchaseBook',
    description: '',
    sessionTtlSeconds: 300,
    childDirected: false,
    defaultLocale: 'en_US',
    locales: {
      en_US: {
        locale: 'en_US',
        threshold: 0.4,
        outputVoice: null,
        intents: [
          {
            ...emptyIntent('OrderBook'),
            utterances: ['I want to order some books', 'order a {bookType} book'],
            slots: [slot('bookType', 'BookType', 1), slot('bookName', 'AMAZON.Book', 2)],
            confirmation: { prompt: prompt('Purchase {bookName}?'), rejection: statement('Okay.') },
            dialogHook: 'validate',
            fulfilmentHook: 'fulfil',
          },
          { ...emptyIntent('Help'), utterances: ['help me'] },
        ],
        slotTypes: [
          {
            name: 'BookType',
            description: '',
            parent: null,
            values: [
              { value: 'fiction', synonyms: [] },
              { value: 'fantasy', synonyms: ['magic'] },
            ],
            strategy: 'TopResolution',
            pattern: null,
            vocabulary: null,
          },
        ],
        fallbackIntent: null,
        clarification: prompt('Sorry?'),
        abort: statement('Goodbye.'),
        phrases: languageDefaults('en_US').phrases,
      },
    },
    hash: '',
  }
}

export function prompt(...texts: string[]): PromptModel {
  return {
    retries: 2,
    selection: 'Random',
    groups: statement(...texts).groups,
    attempts: [],
    card: null,
  }
}

export function statement(...texts: string[]) {
  return {
    groups: [texts.map((content) => ({ contentType: 'PlainText' as const, content }))],
    card: null,
  }
}

export function slot(name: string, type: string, priority: number): SlotModel {
  return {
    name,
    type,
    required: true,
    priority,
    prompt: prompt(`Which ${name}?`),
    utterances: [],
    defaults: [],
    multiple: false,
    obfuscated: false,
  }
}

export function emptyIntent(name: string): IntentModel {
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
