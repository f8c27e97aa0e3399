/** Exports of Lex V1 as AWS wrote them from 2018 to 2021, its optional members there and not there. The bots are this project's own. */
import type { Files } from './aws-archive-parts.ts'

const metadata = { schemaVersion: '1.0', importType: 'LEX', importFormat: 'JSON' }
const plain = (content: string, over: object = {}) => ({
  messages: [{ contentType: 'PlainText', content, ...over }],
})
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:shop'
const code = { uri: arn, messageVersion: '1.0' }
const v1Bot = (name: string, over: object): Files => ({
  [`${name}_Export.json`]: {
    metadata,
    resource: {
      name,
      version: '1',
      voiceId: 'Salli',
      childDirected: false,
      locale: 'en-US',
      idleSessionTTLInSeconds: 600,
      clarificationPrompt: { ...plain('Sorry, can you say it again?'), maxAttempts: 5 },
      abortStatement: plain('Sorry, I could not understand. Goodbye.'),
      ...over,
    },
  },
})
const v1Slot = (name: string, slotType: string, over: object = {}) => ({
  sampleUtterances: [],
  slotType,
  slotConstraint: 'Required',
  valueElicitationPrompt: { ...plain(`Which ${name}?`), maxAttempts: 2 },
  priority: 1,
  name,
  ...over,
})

/** Of 2018: without what came later. */
export const v1Early = v1Bot('Phones', {
  intents: [
    {
      rejectionStatement: plain('{plan} is not added.'),
      name: 'AddPlan',
      version: '3',
      fulfillmentActivity: { codeHook: code, type: 'CodeHook' },
      sampleUtterances: ['{plan}', 'Yes. {plan} plan', "I'm going to {country}"],
      slots: [
        v1Slot('plan', 'Plan', { slotTypeVersion: '1', priority: 2 }),
        v1Slot('country', 'AMAZON.Country'),
        v1Slot('weeks', 'AMAZON.NUMBER', { priority: 3 }),
      ],
      followUpPrompt: {
        prompt: { ...plain('Added. Anything else?', { groupNumber: 1 }), maxAttempts: 3 },
        rejectionStatement: plain('Have a nice day.', { groupNumber: 1 }),
      },
      confirmationPrompt: { ...plain('Add {plan} for [reader]?'), maxAttempts: 3 },
      dialogCodeHook: code,
    },
  ],
  slotTypes: [
    {
      description: 'plans',
      name: 'Plan',
      version: '1',
      enumerationValues: [{ value: 'basic', synonyms: [] }],
      valueSelectionStrategy: 'TOP_RESOLUTION',
    },
  ],
})

/** Of 2021, with cards, defaults, contexts and patterns. */
export const v1Late = v1Bot('Savings', {
  description: 'Saves.',
  nluIntentConfidenceThreshold: 0.4,
  intents: [
    {
      name: 'Save',
      version: '3',
      fulfillmentActivity: { codeHook: code, type: 'CodeHook' },
      sampleUtterances: ['I am {age} and I want to save'],
      slots: [
        v1Slot('age', 'AMAZON.NUMBER', { obfuscationSetting: 'DEFAULT_OBFUSCATION', priority: 2 }),
        v1Slot('risk', 'Risk', {
          slotTypeVersion: '1',
          obfuscationSetting: 'NONE',
          defaultValueSpec: { defaultValueList: [{ defaultValue: '[lastRisk]' }] },
          valueElicitationPrompt: {
            ...plain('Which risk?'),
            responseCard: JSON.stringify({
              version: 1,
              contentType: 'application/vnd.amazonaws.card.generic',
              genericAttachments: [
                { title: 'None', subTitle: 'at all', buttons: [{ text: 'none', value: 'Low' }] },
              ],
            }),
            maxAttempts: 2,
          },
        }),
      ],
      conclusionStatement: plain('I will be pleased to help.', { groupNumber: 1 }),
      inputContexts: [{ name: 'at_bank' }],
      outputContexts: [{ name: 'saved', timeToLiveInSeconds: 90, turnsToLive: 5 }],
    },
    {
      name: 'Lost',
      version: '1',
      parentIntentSignature: 'AMAZON.FallbackIntent',
      fulfillmentActivity: { type: 'ReturnIntent' },
      sampleUtterances: [],
      slots: [],
    },
  ],
  slotTypes: [
    {
      description: 'risks',
      name: 'Risk',
      version: '1',
      enumerationValues: [{ value: 'Low', synonyms: ['Minimal'] }],
      valueSelectionStrategy: 'TOP_RESOLUTION',
    },
    {
      name: 'Account',
      version: '1',
      parentSlotTypeSignature: 'AMAZON.AlphaNumeric',
      slotTypeConfigurations: [{ regexConfiguration: { pattern: '[0-9]{4}' } }],
      valueSelectionStrategy: 'ORIGINAL_VALUE',
    },
  ],
  detectSentiment: false,
  enableModelImprovements: true,
})

/** Intents that only return what was said, in a bot without slot types; its hook was taken out. */
export const v1Returns = v1Bot('Doses', {
  voiceId: '0',
  intents: [
    {
      name: 'Taken',
      version: '2',
      fulfillmentActivity: { type: 'ReturnIntent' },
      sampleUtterances: ['Okay  I took it.', 'I took it'],
      slots: [],
    },
    {
      name: 'When',
      version: '3',
      fulfillmentActivity: { codeHook: { uri: null, messageVersion: '1.0' }, type: 'CodeHook' },
      sampleUtterances: ['when is it'],
      slots: [],
    },
  ],
  detectSentiment: false,
  enableModelImprovements: false,
})
