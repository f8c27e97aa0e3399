/** Archives of Lex V2 in the shapes of 2022 to 2025, where every step says what comes next. The bots are this project's own. */
import {
  bot,
  type Files,
  fallback,
  locale,
  manifest,
  said,
  utterances,
} from './aws-archive-parts.ts'

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
