/** Lex V1's export file: one JSON in a zip. Source: docs.aws.amazon.com/lex/latest/dg/import-export-format.html and the V1 model building API. */
import { z } from 'zod'

const text = z.string()
const maybeText = z.string().nullish()

const message = z.object({
  contentType: z.enum(['PlainText', 'SSML', 'CustomPayload']),
  content: text,
  groupNumber: z.int().min(1).max(5).nullish(),
})

/** A response card is JSON within the JSON. */
export const v1Statement = z.object({
  messages: z.array(message).default([]),
  responseCard: maybeText,
})
export const v1Prompt = v1Statement.extend({ maxAttempts: z.int().min(1).max(5) })

const codeHook = z.object({ uri: maybeText, messageVersion: text.default('1.0') })

const slot = z.object({
  name: text,
  description: maybeText,
  slotConstraint: z.enum(['Required', 'Optional']),
  slotType: text,
  slotTypeVersion: maybeText,
  valueElicitationPrompt: v1Prompt.nullish(),
  priority: z.int().min(0).max(100).nullish(),
  sampleUtterances: z.array(text).nullish(),
  responseCard: maybeText,
  obfuscationSetting: z.enum(['NONE', 'DEFAULT_OBFUSCATION']).nullish(),
  defaultValueSpec: z
    .object({ defaultValueList: z.array(z.object({ defaultValue: text })) })
    .nullish(),
})

export const v1Intent = z.object({
  name: text,
  version: maybeText,
  description: maybeText,
  parentIntentSignature: maybeText,
  sampleUtterances: z.array(text).nullish(),
  slots: z.array(slot).nullish(),
  confirmationPrompt: v1Prompt.nullish(),
  rejectionStatement: v1Statement.nullish(),
  followUpPrompt: z.object({ prompt: v1Prompt, rejectionStatement: v1Statement }).nullish(),
  conclusionStatement: v1Statement.nullish(),
  dialogCodeHook: codeHook.nullish(),
  fulfillmentActivity: z
    .object({ type: z.enum(['ReturnIntent', 'CodeHook']), codeHook: codeHook.nullish() })
    .nullish(),
  inputContexts: z.array(z.object({ name: text })).nullish(),
  outputContexts: z
    .array(z.object({ name: text, timeToLiveInSeconds: z.int(), turnsToLive: z.int() }))
    .nullish(),
  kendraConfiguration: z.unknown().optional(),
})

export const v1SlotType = z.object({
  name: text,
  version: maybeText,
  description: maybeText,
  parentSlotTypeSignature: maybeText,
  enumerationValues: z
    .array(z.object({ value: text, synonyms: z.array(text).nullish() }))
    .nullish(),
  valueSelectionStrategy: z.enum(['ORIGINAL_VALUE', 'TOP_RESOLUTION']).nullish(),
  slotTypeConfigurations: z
    .array(z.object({ regexConfiguration: z.object({ pattern: text }).nullish() }))
    .nullish(),
})

export const v1Bot = z.object({
  name: text,
  description: maybeText,
  locale: z
    .string()
    .regex(/^[a-z]{2,3}-[A-Z0-9]{2,3}$/)
    .default('en-US'),
  childDirected: z.boolean().default(false),
  idleSessionTTLInSeconds: z.int().default(300),
  nluIntentConfidenceThreshold: z.number().min(0).max(1).nullish(),
  voiceId: maybeText,
  intents: z.array(v1Intent),
  slotTypes: z.array(v1SlotType).nullish(),
  clarificationPrompt: v1Prompt.nullish(),
  abortStatement: v1Statement.nullish(),
  detectSentiment: z.boolean().nullish(),
  enableModelImprovements: z.boolean().nullish(),
})

export const v1Metadata = z.object({
  schemaVersion: text,
  importType: z.literal('LEX'),
  importFormat: z.literal('JSON').default('JSON'),
})

export type V1Bot = z.input<typeof v1Bot>
export type V1Intent = z.input<typeof v1Intent>
export type V1Statement = z.input<typeof v1Statement>
export type V1Prompt = z.input<typeof v1Prompt>
