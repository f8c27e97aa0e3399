/** A bot's model as Lex V1's export file; what V1 has no words for is warned of. */

import type {
  BotModel,
  IntentModel,
  LocaleModel,
  PromptModel,
  ResponseCard,
  SlotModel,
  SlotTypeModel,
  StatementModel,
} from '../../model/bot-model.ts'
import { canonicalJson } from '../../model/compile-bot.ts'
import { languageDefaults } from '../../model/default-phrases.ts'
import { v1SlotTypeName } from '../../slot-types/builtin-slot-types.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { warnOfV1 } from './aws-takes.ts'
import type { V1Bot, V1Intent, V1Prompt, V1Statement } from './v1-format.ts'

/** @param version as the archive shall say: a number, or `$LATEST` */
export function v1Files(
  model: BotModel,
  locale: LocaleModel,
  version: string,
  warnings: ArchiveWarnings,
): ReadonlyMap<string, unknown> {
  for (const other of Object.keys(model.locales)) {
    if (other !== locale.locale) {
      warnings.add(`locales.${other}`, 'a V1 archive holds one language; export this one by itself')
    }
  }
  if (locale.locale !== model.defaultLocale) {
    warnings.add(
      'locale',
      `the archive's only language becomes the default, not ${model.defaultLocale}`,
    )
  }
  if (canonicalJson(locale.phrases) !== canonicalJson(languageDefaults(locale.locale).phrases)) {
    warnings.add('phrases', 'Lex has no phrases of its own to steer a dialogue; they are left out')
  }
  warnOfV1(model, locale, warnings)
  const bot: V1Bot = {
    name: model.name,
    description: model.description,
    locale: locale.locale.replace('_', '-'),
    childDirected: model.childDirected,
    idleSessionTTLInSeconds: model.sessionTtlSeconds,
    nluIntentConfidenceThreshold: locale.threshold,
    voiceId: locale.outputVoice,
    intents: locale.intents.map((intent) => intentOf(intent, version, warnings)),
    slotTypes: locale.slotTypes.map((type) => slotTypeOf(type, version, warnings)),
    clarificationPrompt: promptOf(locale.clarification, 'clarification', warnings),
    abortStatement: statementOf(locale.abort, 'abort', warnings),
    detectSentiment: false,
    // A threshold of confidence is one of them.
    enableModelImprovements: true,
  }
  const content = {
    metadata: { schemaVersion: '1.0', importType: 'LEX', importFormat: 'JSON' },
    resource: present({ ...bot, version }),
  }
  return new Map([[`${model.name}_Export.json`, content]])
}

function intentOf(intent: IntentModel, version: string, warnings: ArchiveWarnings): V1Intent {
  const path = `intents.${intent.name}`
  if (intent.success) warnings.add(`${path}.success`, 'V1 has no statement for success; left out')
  if (intent.failure) warnings.add(`${path}.failure`, 'V1 has no statement for failure; left out')
  if (intent.followUp && intent.closing) {
    warnings.add(`${path}.closing`, 'V1 takes a follow-up or a conclusion, not both; left out')
  }
  if (!intent.fulfilmentHook && intent.closing) {
    warnings.add(
      `${path}.closing`,
      'AWS takes a conclusion only of an intent with a fulfilment hook',
    )
  }
  return present({
    name: intent.name,
    version,
    description: intent.description,
    parentIntentSignature: intent.builtin,
    sampleUtterances: [...intent.utterances],
    slots: intent.slots.map((slot) =>
      slotOf(slot, version, `${path}.slots.${slot.name}`, warnings),
    ),
    confirmationPrompt: promptOf(intent.confirmation?.prompt, `${path}.confirmation`, warnings),
    rejectionStatement: statementOf(
      intent.confirmation?.rejection,
      `${path}.confirmation.rejection`,
      warnings,
    ),
    followUpPrompt: intent.followUp && {
      prompt: requiredPrompt(intent.followUp.prompt, `${path}.followUp`, warnings),
      rejectionStatement: requiredStatement(
        intent.followUp.rejection,
        `${path}.followUp.rejection`,
        warnings,
      ),
    },
    conclusionStatement: intent.followUp
      ? undefined
      : statementOf(intent.closing, `${path}.closing`, warnings),
    dialogCodeHook: codeHook(intent.dialogHook),
    fulfillmentActivity: intent.fulfilmentHook
      ? { type: 'CodeHook', codeHook: codeHook(intent.fulfilmentHook) }
      : { type: 'ReturnIntent' },
    inputContexts: intent.inputContexts.map((name) => ({ name })),
    outputContexts: intent.outputContexts.map(({ name, timeToLiveSeconds, turnsToLive }) => ({
      name,
      timeToLiveInSeconds: timeToLiveSeconds,
      turnsToLive,
    })),
  })
}

function slotOf(
  slot: SlotModel,
  version: string,
  path: string,
  warnings: ArchiveWarnings,
): NonNullable<V1Intent['slots']>[number] {
  if (slot.multiple) warnings.add(`${path}.multiple`, 'V1 slots hold one value; left out')
  if (slot.asked) warnings.add(`${path}.asked`, 'Lex never asks for optional slots; left out')
  return present({
    name: slot.name,
    slotConstraint: slot.required ? 'Required' : 'Optional',
    slotType: v1SlotTypeName(slot.type),
    slotTypeVersion: slot.type.startsWith('AMAZON.') ? undefined : version,
    valueElicitationPrompt: promptOf(slot.prompt, `${path}.prompt`, warnings),
    priority: slot.priority,
    sampleUtterances: [...slot.utterances],
    obfuscationSetting: slot.obfuscated ? 'DEFAULT_OBFUSCATION' : 'NONE',
    defaultValueSpec: {
      defaultValueList: slot.defaults.map((defaultValue) => ({ defaultValue })),
    },
  })
}

function slotTypeOf(
  type: SlotTypeModel,
  version: string,
  warnings: ArchiveWarnings,
): NonNullable<V1Bot['slotTypes']>[number] {
  checkVocabulary(type, warnings)
  return present({
    name: type.name,
    version,
    description: type.description,
    parentSlotTypeSignature: type.parent === null ? null : v1SlotTypeName(type.parent),
    enumerationValues: type.values.map(({ value, synonyms }) => ({
      value,
      synonyms: [...synonyms],
    })),
    valueSelectionStrategy: type.strategy === 'TopResolution' ? 'TOP_RESOLUTION' : 'ORIGINAL_VALUE',
    slotTypeConfigurations:
      type.pattern === null ? undefined : [{ regexConfiguration: { pattern: type.pattern } }],
  })
}

export function checkVocabulary(type: SlotTypeModel, warnings: ArchiveWarnings): void {
  if (type.vocabulary === null) return
  warnings.add(
    `slotTypes.${type.name}.vocabulary`,
    `values that come live from ${type.vocabulary} are left out`,
  )
}

function promptOf(
  prompt: PromptModel | null | undefined,
  path: string,
  warnings: ArchiveWarnings,
): V1Prompt | undefined {
  return prompt ? requiredPrompt(prompt, path, warnings) : undefined
}

function requiredPrompt(prompt: PromptModel, path: string, warnings: ArchiveWarnings): V1Prompt {
  if (prompt.retries === 0) warnings.add(path, 'V1 asks at least once again; 0 becomes 1')
  if (prompt.selection === 'Ordered') {
    warnings.add(path, 'V1 says one of the messages at random; the order is left out')
  }
  if (prompt.attempts.length > 0) {
    warnings.add(path, 'V1 has no wording of its own for each retry; left out')
  }
  return { ...requiredStatement(prompt, path, warnings), maxAttempts: Math.max(1, prompt.retries) }
}

function statementOf(
  statement: StatementModel | null | undefined,
  path: string,
  warnings: ArchiveWarnings,
): V1Statement | undefined {
  return statement ? requiredStatement(statement, path, warnings) : undefined
}

function requiredStatement(
  { groups, card }: Pick<StatementModel, 'groups' | 'card'>,
  path: string,
  warnings: ArchiveWarnings,
): V1Statement {
  const cards = groups.flat().flatMap((message) => message.card ?? [])
  if (cards.length > 0) warnings.add(path, 'V1 has one card beside messages, none among them')
  const messages = groups.flatMap((group, at) =>
    group.flatMap(({ contentType, content }) =>
      contentType === 'ImageResponseCard' ? [] : [{ contentType, content, groupNumber: at + 1 }],
    ),
  )
  // A card alone still needs words.
  const [first] = cards
  if (messages.length === 0 && first) {
    messages.push({ contentType: 'PlainText', content: first.title, groupNumber: 1 })
  }
  const beside = card ?? (first ? { attachments: cards.slice(0, 10) } : null)
  return present({ messages, responseCard: beside ? cardText(beside) : undefined })
}

function cardText(card: ResponseCard): string {
  return JSON.stringify({
    version: 1,
    contentType: 'application/vnd.amazonaws.card.generic',
    genericAttachments: card.attachments,
  })
}

function codeHook(name: string | null) {
  return name === null ? undefined : { uri: name, messageVersion: '1.0' }
}

/** Without members that are not there: V1's importer takes no null. */
export function present<T extends object>(value: T): T {
  // The same members, fewer: those dropped are optional in every type that this is called with.
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined && member !== null),
  ) as T
}
