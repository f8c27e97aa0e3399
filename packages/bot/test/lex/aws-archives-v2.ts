/** Archives of Lex V2 in the shapes of 2021 (settings only) and of its developer guide. The bots are this project's own. */
import {
  bot,
  type Files,
  fallback,
  locale,
  manifest,
  message,
  said,
  utterances,
} from './aws-archive-parts.ts'

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

const named = (part: string, slotTypeId: string) => ({
  slotTypeId,
  valueElicitationSetting: {
    promptSpecification: { ...said(`Your ${part} name?`), maxRetries: 2 },
    defaultValueSpecification: null,
    sampleUtterances: utterances(`my ${part} name is {${part}}`),
    waitAndContinueSpecification: null,
  },
})

/** A slot whose type is made of parts: a built-in type and one of its own, by its identifier. */
export const v2Composite: Files = {
  ...v2Documented,
  'Trips/BotLocales/en_GB/Intents/Book/Intent.json': {
    ...(v2Documented['Trips/BotLocales/en_GB/Intents/Book/Intent.json'] as object),
    sampleUtterances: utterances('book a trip', 'book a trip for {who}'),
    dialogCodeHook: { enabled: true },
    intentConfirmationSetting: {
      isActive: true,
      promptSpecification: { ...said('A trip for {who} to {city}?'), maxRetries: 2 },
      declinationResponse: said('You stay.'),
    },
    slotPriorities: [
      { slotName: 'city', priority: 2 },
      { slotName: 'who', priority: 1 },
    ],
  },
  'Trips/BotLocales/en_GB/SlotTypes/FullName/SlotType.json': {
    name: 'FullName',
    identifier: 'FULLNAME01',
    description: null,
    slotTypeValues: null,
    parentSlotTypeSignature: null,
    valueSelectionSetting: { regexFilter: null, resolutionStrategy: 'CONCATENATION' },
    compositeSlotTypeSetting: {
      subSlots: [
        { name: 'last', slotTypeId: 'FAMILY0001' },
        { name: 'nick', slotTypeId: 'AMAZON.FirstName' },
        { name: 'first', slotTypeId: 'AMAZON.FirstName' },
      ],
    },
  },
  'Trips/BotLocales/en_GB/SlotTypes/Family/SlotType.json': {
    name: 'Family',
    identifier: 'FAMILY0001',
    description: null,
    slotTypeValues: [
      { sampleValue: { value: 'Lovelace' }, synonyms: null },
      { sampleValue: { value: 'Hopper' }, synonyms: null },
    ],
    parentSlotTypeSignature: null,
    valueSelectionSetting: { regexFilter: null, resolutionStrategy: 'TOP_RESOLUTION' },
  },
  'Trips/BotLocales/en_GB/Intents/Book/Slots/who/Slot.json': {
    name: 'who',
    identifier: 'WHO0000001',
    description: null,
    slotTypeName: 'FullName',
    obfuscationSetting: null,
    valueElicitationSetting: {
      slotConstraint: 'Required',
      promptSpecification: { ...said('Who travels?'), maxRetries: 2 },
      sampleUtterances: null,
    },
    multipleValuesSetting: null,
    subSlotSetting: {
      expression: '((first AND last) OR nick)',
      slotSpecifications: {
        first: named('first', 'AMAZON.FirstName'),
        last: named('last', 'FAMILY0001'),
      },
    },
  },
}

/** A slot type that is a grammar in a file elsewhere. */
export const v2Grammar: Files = {
  ...v2Documented,
  'Trips/BotLocales/en_GB/SlotTypes/Codes/SlotType.json': {
    name: 'Codes',
    identifier: 'CODES00001',
    description: null,
    slotTypeValues: null,
    parentSlotTypeSignature: null,
    valueSelectionSetting: null,
    externalSourceSetting: {
      grammarSlotTypeSetting: { source: { s3BucketName: 'shop', s3ObjectKey: 'codes.grxml' } },
    },
  },
}
