/** What archives of Lex V2 are made of, with the members that AWS writes; and how one is packed. */
import { strToU8, zipSync } from 'fflate'

export type Files = Record<string, unknown>

export function zipped(files: Files): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, strToU8(JSON.stringify(content))]),
    ),
  )
}

export const manifest = {
  metaData: { fileFormat: 'LexJson', resourceType: 'BOT', schemaVersion: '1' },
}
export const bot = (name: string, over: object = {}) => ({
  name,
  version: 'DRAFT',
  description: null,
  identifier: 'B0TB0TB0T1',
  dataPrivacy: { childDirected: false },
  idleSessionTTLInSeconds: 300,
  ...over,
})
export const locale = (name: string, identifier: string, over: object = {}) => ({
  name,
  identifier,
  version: null,
  description: null,
  voiceSettings: { voiceId: 'Joanna' },
  nluConfidenceThreshold: 0.4,
  ...over,
})
export const message = (value: string) => ({
  ssmlMessage: null,
  customPayload: null,
  plainTextMessage: { value },
  imageResponseCard: null,
})
export const said = (value: string) => ({
  messageGroupsList: [{ message: message(value), variations: null }],
  allowInterrupt: true,
})
export const fallback = (over: object = {}) => ({
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
export const utterances = (...all: string[]) => all.map((utterance) => ({ utterance }))
