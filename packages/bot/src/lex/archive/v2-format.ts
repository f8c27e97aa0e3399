/**
 * Lex V2's export archive: a manifest, then a file for the bot, each language, intent, slot and slot type.
 * Source: docs.aws.amazon.com/lexv2/latest/dg/import-export-format.html. What AWS writes differs in places from what it documents
 * (`messageGroupList` and `messageGroupsList`, `allowMutlipleValues`), so both spellings are read.
 */
import { z } from 'zod'

const text = z.string()
const maybeText = z.string().nullish()
const valued = z.object({ value: text }).nullish()

const message = z.object({
  plainTextMessage: valued,
  ssmlMessage: valued,
  customPayload: valued,
  imageResponseCard: z
    .object({
      title: text,
      subtitle: maybeText,
      imageUrl: maybeText,
      buttons: z.array(z.object({ text, value: text })).nullish(),
    })
    .nullish(),
})

const groups = z.array(z.object({ message, variations: z.array(message).nullish() })).nullish()

export const v2Response = z.object({
  messageGroupsList: groups,
  messageGroupList: groups,
  messageGroups: groups,
  allowInterrupt: z.boolean().nullish(),
})

export const v2Prompt = v2Response.extend({
  maxRetries: z.int().min(0).max(5),
  messageSelectionStrategy: z.enum(['Random', 'Ordered']).nullish(),
  /** How long is listened to, and for which keys: nothing of it concerns text. */
  promptAttemptsSpecification: z.unknown().optional(),
})

const active = { isActive: z.boolean().nullish(), active: z.boolean().nullish() }
const flow = z.unknown().optional()

const utterances = z.array(z.object({ utterance: text })).nullish()

export const v2Intent = z.object({
  name: text,
  description: maybeText,
  parentIntentSignature: maybeText,
  sampleUtterances: utterances,
  intentConfirmationSetting: z
    .object({
      ...active,
      promptSpecification: v2Prompt.nullish(),
      confirmationPrompt: v2Prompt.nullish(),
      declinationResponse: v2Response.nullish(),
      confirmationResponse: flow,
      confirmationNextStep: flow,
      confirmationConditional: flow,
      declinationNextStep: flow,
      declinationConditional: flow,
      failureResponse: flow,
      failureNextStep: flow,
      failureConditional: flow,
      codeHook: flow,
      elicitationCodeHook: flow,
    })
    .nullish(),
  intentClosingSetting: z
    .object({ ...active, closingResponse: v2Response.nullish(), nextStep: flow, conditional: flow })
    .nullish(),
  initialResponseSetting: flow,
  inputContexts: z.array(z.object({ name: text })).nullish(),
  outputContexts: z
    .array(z.object({ name: text, timeToLiveInSeconds: z.int(), turnsToLive: z.int() }))
    .nullish(),
  kendraConfiguration: flow,
  qnAIntentConfiguration: flow,
  bedrockAgentIntentConfiguration: flow,
  qInConnectIntentConfiguration: flow,
  /** The switch of all dialog hooks: those of the steps stand in every archive, and mean nothing while this is off. */
  dialogCodeHook: z.object({ enabled: z.boolean() }).nullish(),
  fulfillmentCodeHook: z
    .object({
      ...active,
      enabled: z.boolean(),
      postFulfillmentStatusSpecification: z
        .looseObject({
          successResponse: v2Response.nullish(),
          failureResponse: v2Response.nullish(),
        })
        .nullish(),
      fulfillmentUpdatesSpecification: flow,
    })
    .nullish(),
  slotPriorities: z.array(z.object({ slotName: text, priority: z.int() })).nullish(),
})

const defaults = z
  .object({ defaultValueList: z.array(z.object({ defaultValue: text })).nullish() })
  .nullish()

const elicitation = z
  .object({
    promptSpecification: v2Prompt.nullish(),
    sampleValueElicitingUtterances: utterances,
    sampleUtterances: utterances,
    slotConstraint: z.enum(['Required', 'Optional']).nullish(),
    defaultValueSpecification: defaults,
    slotCaptureSetting: flow,
    waitAndContinueSpecification: flow,
  })
  .nullish()

export const v2Slot = z.object({
  name: text,
  description: maybeText,
  slotTypeName: maybeText,
  slotConstraint: z.enum(['Required', 'Optional']).nullish(),
  multipleValuesSetting: z
    .object({
      allowMultipleValues: z.boolean().nullish(),
      allowMutlipleValues: z.boolean().nullish(),
    })
    .nullish(),
  obfuscationSetting: z.object({ obfuscationSettingType: text }).nullish(),
  defaultValueSpec: defaults,
  defaultValueSpecification: defaults,
  valueElicitationSetting: elicitation,
  /** As it is documented; AWS writes the one above. */
  slotValueElicitationSetting: elicitation,
  subSlotSetting: z
    .object({
      expression: maybeText,
      slotSpecifications: z
        .record(
          text,
          z.object({
            slotTypeId: maybeText,
            slotTypeName: maybeText,
            valueElicitationSetting: elicitation,
          }),
        )
        .nullish(),
    })
    .nullish(),
})

export const v2SlotType = z.object({
  name: text,
  identifier: maybeText,
  description: maybeText,
  slotTypeValues: z
    .array(
      z.object({
        sampleValue: z.object({ value: text }),
        synonyms: z.array(z.object({ value: text })).nullish(),
      }),
    )
    .nullish(),
  parentSlotTypeSignature: maybeText,
  valueSelectionSetting: z
    .object({
      resolutionStrategy: z
        .enum([
          'TOP_RESOLUTION',
          'ORIGINAL_VALUE',
          'TopResolution',
          'OriginalValue',
          'CONCATENATION',
          'Concatenation',
        ])
        .nullish(),
      regexFilter: z.object({ pattern: text }).nullish(),
      advancedRecognitionSetting: flow,
    })
    .nullish(),
  externalSourceSetting: flow,
  compositeSlotTypeSetting: z
    .object({
      subSlots: z
        .array(z.object({ name: text, slotTypeId: maybeText, slotTypeName: maybeText }))
        .nullish(),
    })
    .nullish(),
})

export const v2Bot = z.object({
  name: text,
  description: maybeText,
  dataPrivacy: z.object({ childDirected: z.boolean() }).nullish(),
  idleSessionTTLInSeconds: z.int().default(300),
})

export const v2Locale = z.object({
  name: maybeText,
  identifier: z
    .string()
    .regex(/^[a-z]{2,3}_[A-Z0-9]{2,3}$/)
    .nullish(),
  description: maybeText,
  voiceSettings: z.object({ voiceId: text }).nullish(),
  nluConfidenceThreshold: z.number().min(0).max(1).nullish(),
  generativeAISettings: z
    .looseObject({
      runtimeSettings: z
        .looseObject({
          nluImprovementSpecification: z.looseObject({ enabled: z.boolean() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
})

const metadata = z.object({
  schemaVersion: text,
  fileFormat: z.string().regex(/^lex_?json$/i),
  resourceType: text,
})
export const v2Manifest = z.union([
  z.object({ metaData: metadata }).transform((manifest) => manifest.metaData),
  z.object({ metadata }).transform((manifest) => manifest.metadata),
])

export type V2Response = z.input<typeof v2Response>
export type V2Prompt = z.input<typeof v2Prompt>
export type V2Intent = z.input<typeof v2Intent>
export type V2Slot = z.input<typeof v2Slot>
export type V2SlotType = z.input<typeof v2SlotType>
export type V2Message = z.input<typeof message>
export type V2Groups = NonNullable<z.input<typeof groups>>
