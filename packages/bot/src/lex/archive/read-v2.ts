/** Lex V2's export archive as a bot's model. */
import type { z } from 'zod'
import { BotError } from '../../bot-error.ts'
import type {
  BotModel,
  ConfirmationModel,
  IntentModel,
  LocaleModel,
  SlotModel,
  SlotTypeModel,
} from '../../model/bot-model.ts'
import { modelFormat } from '../../model/bot-model.ts'
import { defaultRejection, languageWords, modelSlotType } from './archive-defaults.ts'
import { ArchiveTree, type Files, readFile } from './archive-tree.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { promptOf, statementOf } from './read-v2-messages.ts'
import { v2Bot, v2Intent, v2Locale, v2Manifest, v2Slot, v2SlotType } from './v2-format.ts'
import { importedDefault } from './write-v2.ts'

type Parsed<Schema extends z.ZodType> = z.output<Schema>

/**
 * @param manifest its path in the archive; the bot's folder lies beside it
 * @param hook what an enabled code hook is called: the archive does not say
 * @throws {BotError} BAD_INPUT with files and paths; FORMAT for a newer schema
 */
export function readV2(
  files: Files,
  manifest: string,
  hook: string,
  warnings: ArchiveWarnings,
): Omit<BotModel, 'hash'> {
  const { schemaVersion, resourceType } = readFile(files, manifest, v2Manifest)
  if (!/^1(\.0)?$/.test(schemaVersion)) {
    throw new BotError(
      'FORMAT',
      `${manifest} has schemaVersion ${schemaVersion}; this package reads 1.0`,
    )
  }
  if (!/^bot$/i.test(resourceType)) {
    throw new BotError('BAD_INPUT', `${manifest} holds a ${resourceType}; export the whole bot`)
  }
  const root = manifest.slice(0, manifest.lastIndexOf('/') + 1)
  const botFiles = [...files.keys()].filter(
    (name) => name.startsWith(root) && /^[^/]+\/Bot\.json$/.test(name.slice(root.length)),
  )
  const [botFile] = botFiles
  if (botFile === undefined || botFiles.length > 1) {
    throw new BotError(
      'BAD_INPUT',
      `the archive must hold one <bot>/Bot.json beside its manifest; it has ${botFiles.length}`,
    )
  }
  const bot = readFile(files, botFile, v2Bot)
  const folder = botFile.slice(0, -'Bot.json'.length)
  const tree = new ArchiveTree(files, folder, warnings)
  const locales = tree.below('BotLocales').map((name) => localeOf(tree, name, hook, warnings))
  if (locales.length === 0) {
    throw new BotError('BAD_INPUT', `${folder}BotLocales has no language; build the bot in one`)
  }
  tree.warnOfRest()
  return {
    format: modelFormat,
    name: bot.name,
    description: bot.description ?? '',
    sessionTtlSeconds: bot.idleSessionTTLInSeconds,
    childDirected: bot.dataPrivacy?.childDirected ?? false,
    defaultLocale: importedDefault(locales.map(({ locale }) => locale)),
    locales: Object.fromEntries(locales.map((locale) => [locale.locale, locale])),
  }
}

function localeOf(
  tree: ArchiveTree,
  path: string,
  hook: string,
  warnings: ArchiveWarnings,
): LocaleModel {
  const file = tree.read(`${path}/BotLocale.json`, v2Locale)
  const locale = file.identifier ?? path.slice(path.lastIndexOf('/') + 1)
  const intents = tree
    .below(`${path}/Intents`)
    .map((folder) => intentOf(tree, folder, { hook, locale }, warnings))
  return {
    locale,
    threshold: file.nluConfidenceThreshold ?? 0.4,
    outputVoice: file.voiceSettings?.voiceId ?? null,
    intents,
    slotTypes: tree
      .below(`${path}/SlotTypes`)
      .map((folder) => slotTypeOf(tree.read(`${folder}/SlotType.json`, v2SlotType), warnings)),
    fallbackIntent:
      intents.find(({ builtin }) => builtin === 'AMAZON.FallbackIntent')?.name ?? null,
    ...languageWords(locale),
  }
}

function intentOf(
  tree: ArchiveTree,
  folder: string,
  { hook, locale }: { readonly hook: string; readonly locale: string },
  warnings: ArchiveWarnings,
): IntentModel {
  const intent = tree.read(`${folder}/Intent.json`, v2Intent)
  const path = `intents.${intent.name}`
  warnOfFlow(intent, path, warnings)
  const priorities = new Map(
    (intent.slotPriorities ?? []).map(({ slotName, priority }) => [slotName, priority]),
  )
  const slots = tree.below(`${folder}/Slots`).map((at, index, all) => {
    const slot = tree.read(`${at}/Slot.json`, v2Slot)
    // Those without a priority are asked after the others.
    const priority = priorities.get(slot.name) ?? priorities.size + index + 1 - all.length + 1
    return slotOf(slot, Math.max(1, priority), `${path}.slots.${slot.name}`, warnings)
  })
  const hooked = intent.fulfillmentCodeHook
  const told = hooked?.postFulfillmentStatusSpecification
  const closing = intent.intentClosingSetting
  return {
    name: intent.name,
    description: intent.description ?? '',
    builtin: intent.parentIntentSignature || null,
    utterances: (intent.sampleUtterances ?? []).map(({ utterance }) => utterance),
    slots: slots.sort((a, b) => a.priority - b.priority),
    confirmation: confirmationOf(intent.intentConfirmationSetting, locale),
    dialogHook: intent.dialogCodeHook?.enabled ? hook : null,
    fulfilmentHook: hooked?.enabled ? hook : null,
    success: statementOf(told?.successResponse),
    failure: statementOf(told?.failureResponse),
    followUp: null,
    closing: isOn(closing) ? statementOf(closing?.closingResponse) : null,
    inputContexts: (intent.inputContexts ?? []).map(({ name }) => name),
    outputContexts: (intent.outputContexts ?? []).map((context) => ({
      name: context.name,
      turnsToLive: context.turnsToLive,
      timeToLiveSeconds: context.timeToLiveInSeconds,
    })),
  }
}

/** V2's branches and messages between the steps have no counterpart; a hook can do the same. */
function warnOfFlow(
  intent: Parsed<typeof v2Intent>,
  path: string,
  warnings: ArchiveWarnings,
): void {
  const confirmation = intent.intentConfirmationSetting
  const parts: readonly (readonly [string, unknown])[] = [
    ['kendraConfiguration', intent.kendraConfiguration],
    ['qnAIntentConfiguration', intent.qnAIntentConfiguration],
    ['initialResponseSetting.initialResponse', intent.initialResponseSetting?.initialResponse],
    ['initialResponseSetting.conditional', intent.initialResponseSetting?.conditional],
    ['intentConfirmationSetting.confirmationResponse', confirmation?.confirmationResponse],
    ['intentConfirmationSetting.confirmationConditional', confirmation?.confirmationConditional],
    ['intentConfirmationSetting.declinationConditional', confirmation?.declinationConditional],
    [
      'fulfillmentUpdatesSpecification',
      intent.fulfillmentCodeHook?.fulfillmentUpdatesSpecification,
    ],
  ]
  for (const [name, value] of parts) {
    if (value) warnings.add(`${path}.${name}`, 'has no counterpart here; left out')
  }
}

function slotOf(
  slot: Parsed<typeof v2Slot>,
  priority: number,
  path: string,
  warnings: ArchiveWarnings,
): SlotModel {
  const setting = slot.slotValueElicitationSetting ?? slot.valueElicitationSetting
  if (slot.subSlotSetting)
    warnings.add(path, 'composite slots are not supported; its parts are left out')
  if (setting?.slotCaptureSetting) {
    warnings.add(`${path}.slotCaptureSetting`, 'has no counterpart here; left out')
  }
  const defaults =
    slot.defaultValueSpec ?? slot.defaultValueSpecification ?? setting?.defaultValueSpecification
  const multiple = slot.multipleValuesSetting
  const obfuscation = slot.obfuscationSetting?.obfuscationSettingType ?? 'None'
  return {
    name: slot.name,
    type: modelSlotType(slot.slotTypeName ?? ''),
    required: (slot.slotConstraint ?? setting?.slotConstraint ?? 'Required') === 'Required',
    priority,
    prompt: promptOf(setting?.promptSpecification),
    utterances: (setting?.sampleValueElicitingUtterances ?? setting?.sampleUtterances ?? []).map(
      ({ utterance }) => utterance,
    ),
    defaults: (defaults?.defaultValueList ?? []).map(({ defaultValue }) => defaultValue),
    multiple: multiple?.allowMultipleValues ?? multiple?.allowMutlipleValues ?? false,
    obfuscated: !/^none$/i.test(obfuscation),
  }
}

function slotTypeOf(type: Parsed<typeof v2SlotType>, warnings: ArchiveWarnings): SlotTypeModel {
  const path = `slotTypes.${type.name}`
  if (type.externalSourceSetting) warnings.add(path, 'grammars are not supported; left out')
  if (type.compositeSlotTypeSetting)
    warnings.add(path, 'composite types are not supported; left out')
  const setting = type.valueSelectionSetting
  return {
    name: type.name,
    description: type.description ?? '',
    parent: type.parentSlotTypeSignature ? modelSlotType(type.parentSlotTypeSignature) : null,
    values: (type.slotTypeValues ?? []).map(({ sampleValue, synonyms }) => ({
      value: sampleValue.value,
      synonyms: (synonyms ?? []).map(({ value }) => value),
    })),
    strategy: /^top/i.test(setting?.resolutionStrategy ?? '') ? 'TopResolution' : 'OriginalValue',
    pattern: setting?.regexFilter?.pattern ?? null,
    vocabulary: null,
  }
}

function confirmationOf(
  setting: Parsed<typeof v2Intent>['intentConfirmationSetting'],
  locale: string,
): ConfirmationModel | null {
  if (!setting || !isOn(setting)) return null
  const prompt = promptOf(setting.promptSpecification ?? setting.confirmationPrompt)
  const rejection = statementOf(setting.declinationResponse) ?? defaultRejection(locale)
  return prompt && { prompt, rejection }
}

function isOn(
  setting:
    | {
        readonly isActive?: boolean | null | undefined
        readonly active?: boolean | null | undefined
      }
    | null
    | undefined,
): boolean {
  return (setting?.isActive ?? setting?.active) !== false
}
