/** Lex V1's export file as a bot's model. Lambda ARNs stay as the hooks' names. */
import { z } from 'zod'
import { BotError } from '../../bot-error.ts'
import type {
  BotModel,
  ConfirmationModel,
  IntentModel,
  Message,
  MessageGroup,
  PromptModel,
  ResponseCard,
  SlotModel,
  SlotTypeModel,
  StatementModel,
} from '../../model/bot-model.ts'
import { modelFormat } from '../../model/bot-model.ts'
import { languageDefaults } from '../../model/default-phrases.ts'
import { defaultRejection, modelSlotType } from './archive-defaults.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { checked, parseJson } from './json-file.ts'
import {
  v1Bot,
  type v1Intent,
  v1Metadata,
  type v1Prompt,
  type v1SlotType,
  type v1Statement,
} from './v1-format.ts'

type Parsed<Schema extends z.ZodType> = z.output<Schema>

/** @throws {BotError} BAD_INPUT with paths; FORMAT for a newer schema */
export function readV1(
  name: string,
  bytes: Uint8Array,
  warnings: ArchiveWarnings,
): Omit<BotModel, 'hash'> {
  const content = checked(
    name,
    z.object({ metadata: v1Metadata, resource: z.unknown() }),
    parseJson(name, bytes),
  )
  const { schemaVersion } = content.metadata
  if (schemaVersion !== '1.0') {
    throw new BotError(
      'FORMAT',
      `${name} has schemaVersion ${schemaVersion}; this package reads 1.0`,
    )
  }
  const isBot = z.object({ intents: z.unknown() }).safeParse(content.resource)
  if (!isBot.success || isBot.data.intents === undefined) {
    throw new BotError(
      'BAD_INPUT',
      `${name} holds an intent or a slot type by itself; export the whole bot`,
    )
  }
  const bot = checked(name, z.object({ resource: v1Bot }), { resource: content.resource }).resource
  const locale = bot.locale.replace('-', '_')
  if (bot.detectSentiment) {
    warnings.add('detectSentiment', 'the mood of what users write is not measured; left out')
  }
  const intents = bot.intents.map((intent) => intentOf(intent, locale, warnings))
  return {
    format: modelFormat,
    name: bot.name,
    description: bot.description ?? '',
    sessionTtlSeconds: bot.idleSessionTTLInSeconds,
    childDirected: bot.childDirected,
    defaultLocale: locale,
    locales: {
      [locale]: {
        locale,
        threshold: bot.nluIntentConfidenceThreshold ?? 0.4,
        outputVoice: bot.voiceId || null,
        intents,
        slotTypes: (bot.slotTypes ?? []).map(slotTypeOf),
        fallbackIntent:
          intents.find(({ builtin }) => builtin === 'AMAZON.FallbackIntent')?.name ?? null,
        clarification: promptOf(bot.clarificationPrompt, 'clarificationPrompt'),
        abort: statementOf(bot.abortStatement, 'abortStatement'),
        phrases: languageDefaults(locale).phrases,
      },
    },
  }
}

function intentOf(
  intent: Parsed<typeof v1Intent>,
  locale: string,
  warnings: ArchiveWarnings,
): IntentModel {
  const path = `intents.${intent.name}`
  if (intent.kendraConfiguration) {
    warnings.add(`${path}.kendraConfiguration`, 'searching Kendra is not supported; left out')
  }
  const slots = (intent.slots ?? []).map((slot, at) => slotOf(slot, at, path))
  const activity = intent.fulfillmentActivity
  if (activity?.type === 'CodeHook' && !activity.codeHook?.uri) {
    warnings.add(
      `${path}.fulfillmentActivity`,
      'names no code hook; the slots are returned instead',
    )
  }
  return {
    name: intent.name,
    description: intent.description ?? '',
    builtin: intent.parentIntentSignature || null,
    utterances: intent.sampleUtterances ?? [],
    slots: slots.sort((a, b) => a.priority - b.priority),
    confirmation: confirmationOf(
      intent.confirmationPrompt,
      intent.rejectionStatement,
      `${path}.confirmationPrompt`,
      locale,
    ),
    dialogHook: intent.dialogCodeHook?.uri ?? null,
    fulfilmentHook: activity?.type === 'CodeHook' ? (activity.codeHook?.uri ?? null) : null,
    success: null,
    failure: null,
    followUp: confirmationOf(
      intent.followUpPrompt?.prompt,
      intent.followUpPrompt?.rejectionStatement,
      `${path}.followUpPrompt`,
      locale,
    ),
    closing: statementOf(intent.conclusionStatement, `${path}.conclusionStatement`),
    inputContexts: (intent.inputContexts ?? []).map(({ name }) => name),
    outputContexts: (intent.outputContexts ?? []).map((context) => ({
      name: context.name,
      turnsToLive: context.turnsToLive,
      timeToLiveSeconds: context.timeToLiveInSeconds,
    })),
  }
}

function slotOf(
  slot: NonNullable<Parsed<typeof v1Intent>['slots']>[number],
  at: number,
  path: string,
): SlotModel {
  const here = `${path}.slots.${slot.name}`
  const prompt = promptOf(slot.valueElicitationPrompt, `${here}.valueElicitationPrompt`)
  return {
    name: slot.name,
    type: modelSlotType(slot.slotType),
    required: slot.slotConstraint === 'Required',
    priority: slot.priority || at + 1,
    // A card may stand beside the prompt or in it.
    prompt: prompt && {
      ...prompt,
      card: prompt.card ?? cardOf(slot.responseCard, `${here}.responseCard`),
    },
    utterances: slot.sampleUtterances ?? [],
    defaults: (slot.defaultValueSpec?.defaultValueList ?? []).map((one) => one.defaultValue),
    multiple: false,
    obfuscated: slot.obfuscationSetting === 'DEFAULT_OBFUSCATION',
  }
}

function slotTypeOf(type: Parsed<typeof v1SlotType>): SlotTypeModel {
  return {
    name: type.name,
    description: type.description ?? '',
    parent: type.parentSlotTypeSignature ? modelSlotType(type.parentSlotTypeSignature) : null,
    values: (type.enumerationValues ?? []).map(({ value, synonyms }) => ({
      value,
      synonyms: synonyms ?? [],
    })),
    strategy: type.valueSelectionStrategy === 'TOP_RESOLUTION' ? 'TopResolution' : 'OriginalValue',
    pattern:
      type.slotTypeConfigurations?.find((one) => one.regexConfiguration)?.regexConfiguration
        ?.pattern ?? null,
    vocabulary: null,
  }
}

function confirmationOf(
  prompt: Parsed<typeof v1Prompt> | null | undefined,
  rejection: Parsed<typeof v1Statement> | null | undefined,
  path: string,
  locale: string,
): ConfirmationModel | null {
  const read = promptOf(prompt, path)
  return (
    read && { prompt: read, rejection: statementOf(rejection, path) ?? defaultRejection(locale) }
  )
}

function promptOf(
  prompt: Parsed<typeof v1Prompt> | null | undefined,
  path: string,
): PromptModel | null {
  const statement = statementOf(prompt, path)
  return (
    statement && {
      retries: prompt?.maxAttempts ?? 1,
      selection: 'Random',
      groups: statement.groups,
      attempts: [],
      card: statement.card,
    }
  )
}

function statementOf(
  statement: Parsed<typeof v1Statement> | null | undefined,
  path: string,
): StatementModel | null {
  if (!statement || (statement.messages.length === 0 && !statement.responseCard)) return null
  // Groups are told by number, 1 to 5, and not every number must be there.
  const groups = new Map<number, Message[]>()
  for (const { contentType, content, groupNumber } of statement.messages) {
    const group = groups.get(groupNumber ?? 1) ?? []
    groups.set(groupNumber ?? 1, [...group, { contentType, content }])
  }
  const ordered: MessageGroup[] = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
  return { groups: ordered, card: cardOf(statement.responseCard, `${path}.responseCard`) }
}

const cardSchema = z.object({
  genericAttachments: z.array(
    z.object({
      title: z.string().nullish(),
      subTitle: z.string().nullish(),
      imageUrl: z.string().nullish(),
      attachmentLinkUrl: z.string().nullish(),
      buttons: z.array(z.object({ text: z.string(), value: z.string() })).nullish(),
    }),
  ),
})

function cardOf(text: string | null | undefined, path: string): ResponseCard | null {
  if (!text) return null
  const card = checked(path, cardSchema, parseJson(path, new TextEncoder().encode(text)))
  return {
    attachments: card.genericAttachments.map((one) => ({
      title: one.title ?? '',
      ...(one.subTitle && { subTitle: one.subTitle }),
      ...(one.imageUrl && { imageUrl: one.imageUrl }),
      ...(one.attachmentLinkUrl && { attachmentLinkUrl: one.attachmentLinkUrl }),
      ...(one.buttons && one.buttons.length > 0 && { buttons: one.buttons }),
    })),
  }
}
