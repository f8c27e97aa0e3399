/**
 * Archives in the shapes that AWS has written them in over the years, for tests: V2's of 2021 (settings only), of 2022 (every step with
 * what comes next), of 2024 and 2025 (members for what came since) and as it is documented; V1's with its optional members there and
 * not there. The bots in them are this project's own.
 */
import { strToU8, zipSync } from 'fflate'

type Files = Record<string, unknown>

export function zipped(files: Files): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, strToU8(JSON.stringify(content))]),
    ),
  )
}

const manifest = { metaData: { fileFormat: 'LexJson', resourceType: 'BOT', schemaVersion: '1' } }
const bot = (name: string, over: object = {}) => ({
  name,
  version: 'DRAFT',
  description: null,
  identifier: 'B0TB0TB0T1',
  dataPrivacy: { childDirected: false },
  idleSessionTTLInSeconds: 300,
  ...over,
})
const locale = (name: string, identifier: string, over: object = {}) => ({
  name,
  identifier,
  version: null,
  description: null,
  voiceSettings: { voiceId: 'Joanna' },
  nluConfidenceThreshold: 0.4,
  ...over,
})
const message = (value: string) => ({
  ssmlMessage: null,
  customPayload: null,
  plainTextMessage: { value },
  imageResponseCard: null,
})
const said = (value: string) => ({
  messageGroupsList: [{ message: message(value), variations: null }],
  allowInterrupt: true,
})
const fallback = (over: object = {}) => ({
  name: 'FallbackIntent',
  identifier: 'FALLBCKINT',
  description: 'Default intent when no other intent matches',
  parentIntentSignature: 'AMAZON.FallbackIntent',
  sampleUtterances: null,
  intentConfirmationSetting: null,
  intentClosingSetting: null,
  inputContexts: null,
  outputContexts: null,
  kendraConfiguration: null,
  dialogCodeHook: null,
  fulfillmentCodeHook: null,
  slotPriorities: [],
  ...over,
})
const utterances = (...all: string[]) => all.map((utterance) => ({ utterance }))

/** Of 2021: a manifest, and settings without flows. */
export const v2Settings: Files = {
  'Manifest.json': manifest,
  'Garden/Bot.json': bot('Garden'),
  'Garden/BotLocales/en_US/BotLocale.json': locale('English (US)', 'en_US'),
  'Garden/BotLocales/en_US/Intents/FallbackIntent/Intent.json': fallback({
    intentClosingSetting: { isActive: true, closingResponse: said('I only know of plants.') },
    dialogCodeHook: { enabled: false },
  }),
  'Garden/BotLocales/en_US/Intents/Water/Intent.json': {
    name: 'Water',
    identifier: 'WATER00001',
    description: null,
    parentIntentSignature: null,
    sampleUtterances: utterances('water the plants', 'can you water the {plant}?'),
    intentConfirmationSetting: {
      isActive: true,
      promptSpecification: { ...said('Water the {plant} now?'), maxRetries: 4 },
      declinationResponse: said('It stays dry.'),
    },
    intentClosingSetting: null,
    inputContexts: null,
    outputContexts: [{ name: 'watered-plants', turnsToLive: 5, timeToLiveInSeconds: 90 }],
    kendraConfiguration: null,
    dialogCodeHook: { enabled: true },
    fulfillmentCodeHook: {
      fulfillmentUpdatesSpecification: null,
      postFulfillmentStatusSpecification: {
        successResponse: said('It rains.'),
        failureResponse: null,
        timeoutResponse: null,
      },
      enabled: true,
    },
    slotPriorities: [
      { priority: 2, slotName: 'code' },
      { priority: 1, slotName: 'plant' },
    ],
  },
  'Garden/BotLocales/en_US/Intents/Water/Slots/plant/Slot.json': {
    name: 'plant',
    identifier: 'PLANT00001',
    description: null,
    slotTypeName: 'Plant',
    obfuscationSetting: null,
    valueElicitationSetting: {
      slotConstraint: 'Required',
      defaultValueSpecification: { defaultValueList: [{ defaultValue: '#watered-plants.last' }] },
      waitAndContinueSpecification: null,
      promptSpecification: { ...said('Which plant?'), maxRetries: 4 },
      sampleUtterances: utterances('the {plant}'),
    },
    multipleValuesSetting: null,
  },
  'Garden/BotLocales/en_US/Intents/Water/Slots/code/Slot.json': {
    name: 'code',
    identifier: 'CODE000001',
    description: null,
    slotTypeName: 'Code',
    obfuscationSetting: { obfuscationSettingType: 'DefaultObfuscation' },
    valueElicitationSetting: {
      slotConstraint: 'Optional',
      defaultValueSpecification: null,
      waitAndContinueSpecification: null,
      promptSpecification: { ...said('Which code opens the tap?'), maxRetries: 2 },
      sampleUtterances: null,
    },
    multipleValuesSetting: { allowMultipleValues: false },
  },
  'Garden/BotLocales/en_US/SlotTypes/Plant/SlotType.json': {
    name: 'Plant',
    identifier: 'TYPE000001',
    description: null,
    slotTypeValues: [
      { synonyms: null, sampleValue: { value: 'tulip' } },
      { synonyms: [{ value: 'fern R$1,00' }], sampleValue: { value: 'fern' } },
    ],
    parentSlotTypeSignature: null,
    valueSelectionSetting: { resolutionStrategy: 'TOP_RESOLUTION', regexFilter: null },
  },
  'Garden/BotLocales/en_US/SlotTypes/Code/SlotType.json': {
    name: 'Code',
    identifier: 'TYPE000002',
    description: null,
    slotTypeValues: null,
    parentSlotTypeSignature: 'AMAZON.AlphaNumeric',
    valueSelectionSetting: {
      resolutionStrategy: 'ORIGINAL_VALUE',
      regexFilter: { pattern: '[A-Z]{2}[0-9]{2}' },
    },
  },
}

const step = (type: string, over: object = {}) => ({
  sessionAttributes: null,
  dialogAction: { type, slotToElicit: null, suppressNextMessage: null },
  intent: { name: null, slots: null },
  ...over,
})
const hooked = (next: object) => ({
  isActive: true,
  enableCodeHookInvocation: true,
  invocationLabel: null,
  postCodeHookSpecification: {
    failureResponse: null,
    failureNextStep: step('EndConversation'),
    failureConditional: null,
    successResponse: null,
    successNextStep: next,
    successConditional: null,
    timeoutResponse: null,
    timeoutNextStep: step('EndConversation'),
    timeoutConditional: null,
  },
})
const begins = (next: object, initialResponse: object | null = null) => ({
  codeHook: hooked(next),
  conditional: null,
  nextStep: step('InvokeDialogCodeHook'),
  initialResponse,
})
const listening = {
  allowedInputTypes: { allowAudioInput: true, allowDTMFInput: true },
  audioAndDTMFInputSpecification: {
    dtmfSpecification: {
      maxLength: 513,
      deletionCharacter: '*',
      endCharacter: '#',
      endTimeoutMs: 5000,
    },
    startTimeoutMs: 4000,
    audioSpecification: { maxLengthMs: 15_000, endTimeoutMs: 640 },
  },
  allowInterrupt: true,
  textInputSpecification: { startTimeoutMs: 30_000 },
}
const asked = (value: string) => ({
  ...said(value),
  maxRetries: 1,
  messageSelectionStrategy: 'Random',
  promptAttemptsSpecification: { Initial: listening, Retry1: listening },
})
const givesUp = step('StartIntent', { intent: { name: 'FallbackIntent', slots: null } })
const captured = (over: object = {}) => ({
  codeHook: null,
  captureResponse: null,
  captureNextStep: step('FulfillIntent'),
  captureConditional: null,
  failureResponse: null,
  failureNextStep: givesUp,
  failureConditional: null,
  elicitationCodeHook: { enableCodeHookInvocation: true, invocationLabel: null },
  ...over,
})

/** Of 2022 and 2024: each step says what comes next, and the console's drawing lies beside. */
export const v2Flows: Files = {
  'Manifest.json': manifest,
  'Kiosk/Bot.json': bot('Kiosk', { description: 'Sells papers.', errorLogSettings: null }),
  'Kiosk/BotLocales/pt_BR/BotLocale.json': locale('Portuguese (Brazil)', 'pt_BR', {
    voiceSettings: { voiceId: 'Camila', engine: 'neural' },
    generativeAISettings: {
      buildtimeSettings: null,
      runtimeSettings: {
        nluImprovementSpecification: { enabled: false },
        slotResolutionImprovementSpecification: null,
      },
    },
  }),
  'Kiosk/BotLocales/pt_BR/Intents/FallbackIntent/Intent.json': fallback({
    initialResponseSetting: begins(step('EndConversation')),
    qnAIntentConfiguration: null,
    bedrockAgentIntentConfiguration: null,
    qInConnectIntentConfiguration: null,
  }),
  'Kiosk/BotLocales/pt_BR/Intents/FallbackIntent/ConversationFlow.json': {
    intentName: 'FallbackIntent',
    conversationFlowData: { blocks: [] },
  },
  'Kiosk/BotLocales/pt_BR/Intents/Comprar/Intent.json': {
    name: 'Comprar',
    identifier: 'COMPRAR001',
    description: 'Comprar um jornal.',
    parentIntentSignature: null,
    sampleUtterances: utterances('quero um jornal', 'o jornal de {dia} '),
    intentConfirmationSetting: {
      isActive: true,
      promptSpecification: asked('Confirma?'),
      declinationResponse: said('Tudo bem.'),
      failureNextStep: givesUp,
      elicitationCodeHook: { enableCodeHookInvocation: true, invocationLabel: null },
      confirmationNextStep: step('FulfillIntent'),
      declinationNextStep: step('EndConversation'),
    },
    intentClosingSetting: {
      isActive: false,
      nextStep: step('EvaluateConditional'),
      closingResponse: said(':-)'),
    },
    initialResponseSetting: begins(step('ElicitSlot'), said('Claro.')),
    inputContexts: null,
    outputContexts: null,
    kendraConfiguration: null,
    qnAIntentConfiguration: null,
    bedrockAgentIntentConfiguration: null,
    qInConnectIntentConfiguration: null,
    dialogCodeHook: null,
    fulfillmentCodeHook: {
      isActive: true,
      enabled: false,
      fulfillmentUpdatesSpecification: null,
      postFulfillmentStatusSpecification: {
        failureResponse: said('Não deu certo.'),
        failureNextStep: step('CloseIntent'),
        successResponse: said('Aqui está.'),
        successNextStep: step('CloseIntent'),
        timeoutResponse: null,
        timeoutNextStep: step('CloseIntent'),
      },
    },
    slotPriorities: [{ priority: 1, slotName: 'dia' }],
  },
  'Kiosk/BotLocales/pt_BR/Intents/Comprar/Slots/dia/Slot.json': {
    name: 'dia',
    identifier: 'DIA0000001',
    description: null,
    slotTypeName: 'AMAZON.Date',
    obfuscationSetting: null,
    valueElicitationSetting: {
      slotCaptureSetting: captured(),
      slotConstraint: 'Required',
      promptSpecification: asked('De que dia?'),
      defaultValueSpecification: null,
      sampleUtterances: null,
      waitAndContinueSpecification: null,
    },
    multipleValuesSetting: null,
  },
}

const comprar = 'Kiosk/BotLocales/pt_BR/Intents/Comprar'

/** What a flow may do beyond the usual order. */
export const v2Branches: Files = {
  ...v2Flows,
  [`${comprar}/Slots/dia/Slot.json`]: {
    ...(v2Flows[`${comprar}/Slots/dia/Slot.json`] as object),
    valueElicitationSetting: {
      slotConstraint: 'Required',
      promptSpecification: asked('De que dia?'),
      slotCaptureSetting: captured({
        captureResponse: said('Certo.'),
        captureConditional: {
          isActive: true,
          conditionalBranches: [],
          defaultBranch: { nextStep: step('EndConversation'), response: null },
        },
        failureNextStep: step('StartIntent', { intent: { name: 'Vender', slots: null } }),
        captureNextStep: step('FulfillIntent', { sessionAttributes: { lido: 'sim' } }),
      }),
    },
  },
}

/** Of 2025: a bot of several languages whose intents ask a service of AWS. */
export const v2Service: Files = {
  'Manifest.json': manifest,
  'desk-bot/Bot.json': bot('desk-bot', { version: '1', errorLogSettings: null }),
  ...Object.fromEntries(
    [
      ['English (US)', 'en_US'],
      ['Korean (South Korea)', 'ko_KR'],
    ].flatMap(([name, id]) => [
      [
        `desk-bot/BotLocales/${id}/BotLocale.json`,
        locale(name as string, id as string, { nluConfidenceThreshold: 0.99 }),
      ],
      [
        `desk-bot/BotLocales/${id}/Intents/Ask/Intent.json`,
        fallback({
          name: 'Ask',
          identifier: 'ASK0000001',
          parentIntentSignature: 'AMAZON.QInConnectIntent',
          qInConnectIntentConfiguration: {
            qInConnectAssistantConfiguration: { assistantArn: 'arn:aws:wisdom:::assistant/x' },
          },
        }),
      ],
    ]),
  ),
}

/** As the developer guide has it, with other names than AWS writes. */
export const v2Documented: Files = {
  'manifest.json': {
    metadata: { schemaVersion: '1.0', fileFormat: 'LexJson', resourceType: 'Bot' },
  },
  'Trips/Bot.json': bot('Trips', { version: '3' }),
  'Trips/BotLocales/en_GB/BotLocale.json': locale('English (UK)', 'en_GB'),
  'Trips/BotLocales/en_GB/Intents/Book/Intent.json': {
    ...fallback(),
    name: 'Book',
    parentIntentSignature: null,
    sampleUtterances: utterances('book a trip'),
    intentConfirmationSetting: {
      confirmationPrompt: {
        messageGroupList: [{ message: message('To {city}?'), variations: null }],
        maxRetries: 2,
      },
      declinationResponse: {
        messageGroupList: [{ message: message('You stay.'), variations: null }],
      },
    },
    slotPriorities: [{ slotName: 'city', priority: 1 }],
  },
  'Trips/BotLocales/en_GB/Intents/Book/Slots/city/Slot.json': {
    name: 'city',
    identifier: 'CITY000001',
    description: 'Where to.',
    multipleValuesSetting: { allowMutlipleValues: false },
    slotTypeName: 'AMAZON.City',
    obfuscationSetting: null,
    slotConstraint: 'Required',
    defaultValueSpec: null,
    slotValueElicitationSetting: {
      promptSpecification: {
        messageGroupList: [{ message: message('Where to?'), variations: [message('Which city?')] }],
        maxRetries: 2,
      },
      sampleValueElicitingUtterances: utterances('to {city}'),
      waitAndContinueSpecification: null,
    },
  },
}

/** A slot whose type is made of parts. */
export const v2Composite: Files = {
  ...v2Documented,
  'Trips/BotLocales/en_GB/SlotTypes/FullName/SlotType.json': {
    name: 'FullName',
    identifier: 'FULLNAME01',
    description: null,
    slotTypeValues: null,
    parentSlotTypeSignature: null,
    valueSelectionSetting: { regexFilter: null, resolutionStrategy: 'CONCATENATION' },
    compositeSlotTypeSetting: {
      subSlots: [
        { name: 'first', slotTypeId: 'AMAZON.FirstName' },
        { name: 'last', slotTypeId: 'AMAZON.LastName' },
      ],
    },
  },
  'Trips/BotLocales/en_GB/Intents/Book/Slots/who/Slot.json': {
    name: 'who',
    slotTypeName: 'FullName',
    valueElicitationSetting: { slotConstraint: 'Required', promptSpecification: null },
    subSlotSetting: {
      expression: '(first AND last)',
      slotSpecifications: { first: { slotTypeId: 'AMAZON.FirstName' }, last: {} },
    },
  },
}

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
