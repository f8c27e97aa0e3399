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
import { type Composites, compositesOf, partsOf, withParts } from './read-v2-composite.ts'
import { promptOf, statementOf } from './read-v2-messages.ts'
import { warnOfFlow } from './v2-flow.ts'
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
  if (file.generativeAISettings?.runtimeSettings?.nluImprovementSpecification?.enabled) {
    warnings.add(
      `${locale}.generativeAISettings`,
      'understanding by a language model is an option of the service here (`assisted`); left out',
    )
  }
  const types = tree
    .below(`${path}/SlotTypes`)
    .map((folder) => tree.read(`${folder}/SlotType.json`, v2SlotType))
  const composites = compositesOf(types)
  const folders = tree.below(`${path}/Intents`)
  const files = folders.map((folder) => tree.read(`${folder}/Intent.json`, v2Intent))
  const fallback =
    files.find((one) => one.parentIntentSignature === 'AMAZON.FallbackIntent')?.name ?? null
  const around = { hook, locale, fallback, composites }
  const intents = files.map((intent, at) =>
    intentOf(tree, folders[at] as string, intent, around, warnings),
  )
  return {
    locale,
    threshold: file.nluConfidenceThreshold ?? 0.4,
    outputVoice: file.voiceSettings?.voiceId ?? null,
    intents,
    slotTypes: types.filter(({ name }) => !composites.parts.has(name)).map(slotTypeOf),
    fallbackIntent: fallback,
    ...languageWords(locale),
  }
}

interface Around {
  readonly hook: string
  readonly locale: string
  readonly fallback: string | null
  readonly composites: Composites
}

function intentOf(
  tree: ArchiveTree,
  folder: string,
  intent: Parsed<typeof v2Intent>,
  around: Around,
  warnings: ArchiveWarnings,
): IntentModel {
  const { hook, locale } = around
  const path = `intents.${intent.name}`
  warnOfSteps(intent, path, around.fallback, warnings)
  const priorities = new Map(
    (intent.slotPriorities ?? []).map(({ slotName, priority }) => [slotName, priority]),
  )
  const slots = tree.below(`${folder}/Slots`).flatMap((at, index, all) => {
    const slot = tree.read(`${at}/Slot.json`, v2Slot)
    // Those without a priority are asked after the others.
    const priority = priorities.get(slot.name) ?? priorities.size + index + 1 - all.length + 1
    return slotOf(slot, Math.max(0, priority), `${path}.slots.${slot.name}`, around, warnings)
  })
  const hooked = intent.fulfillmentCodeHook
  const told = hooked?.postFulfillmentStatusSpecification
  const closing = intent.intentClosingSetting
  return withParts({
    name: intent.name,
    description: intent.description ?? '',
    builtin: intent.parentIntentSignature || null,
    utterances: (intent.sampleUtterances ?? []).map(({ utterance }) => utterance),
    slots: slots.sort((a, b) => a.priority - b.priority),
    confirmation: confirmationOf(intent.intentConfirmationSetting, locale),
    dialogHook: intent.dialogCodeHook?.enabled ? hook : null,
    fulfilmentHook: hooked?.enabled && isOn(hooked) ? hook : null,
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
  })
}

/** What V2 says and does between the steps has no counterpart; a hook can do the same. */
function warnOfSteps(
  intent: Parsed<typeof v2Intent>,
  path: string,
  fallback: string | null,
  warnings: ArchiveWarnings,
): void {
  for (const name of [
    'kendraConfiguration',
    'qnAIntentConfiguration',
    'bedrockAgentIntentConfiguration',
    'qInConnectIntentConfiguration',
  ] as const) {
    if (intent[name]) warnings.add(`${path}.${name}`, 'has no counterpart here; left out')
  }
  const { intentConfirmationSetting, intentClosingSetting, fulfillmentCodeHook } = intent
  const { declinationResponse: _, ...confirmation } = intentConfirmationSetting ?? {}
  const { closingResponse: __, ...closing } = intentClosingSetting ?? {}
  const {
    successResponse: ___,
    failureResponse: ____,
    ...fulfilled
  } = fulfillmentCodeHook?.postFulfillmentStatusSpecification ?? {}
  const on = (setting: Parameters<typeof isOn>[0], flow: object) => (isOn(setting) ? flow : null)
  for (const [name, flow] of [
    ['initialResponseSetting', intent.initialResponseSetting],
    ['intentConfirmationSetting', on(intentConfirmationSetting, confirmation)],
    ['intentClosingSetting', on(intentClosingSetting, closing)],
    ['fulfillmentCodeHook', on(fulfillmentCodeHook, fulfilled)],
  ] as const) {
    warnOfFlow(`${path}.${name}`, flow, fallback, warnings)
  }
  const updates = fulfillmentCodeHook?.fulfillmentUpdatesSpecification
  if (updates && isOn(updates)) {
    warnings.add(`${path}.fulfillmentUpdatesSpecification`, 'is for streams only; left out')
  }
}

function slotOf(
  slot: Parsed<typeof v2Slot>,
  priority: number,
  path: string,
  { fallback, composites }: Around,
  warnings: ArchiveWarnings,
): readonly SlotModel[] {
  const setting = slot.valueElicitationSetting ?? slot.slotValueElicitationSetting
  warnOfFlow(`${path}.slotCaptureSetting`, setting?.slotCaptureSetting, fallback, warnings)
  const waiting = setting?.waitAndContinueSpecification
  if (waiting && isOn(waiting)) {
    warnings.add(`${path}.waitAndContinueSpecification`, 'is for streams only; left out')
  }
  const defaults =
    slot.defaultValueSpec ?? slot.defaultValueSpecification ?? setting?.defaultValueSpecification
  const multiple = slot.multipleValuesSetting
  const obfuscation = slot.obfuscationSetting?.obfuscationSettingType ?? 'None'
  const whole: SlotModel = {
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
  return partsOf(slot, whole, path, composites, warnings) ?? [whole]
}

function slotTypeOf(type: Parsed<typeof v2SlotType>): SlotTypeModel {
  const path = `slotTypes.${type.name}`
  if (type.externalSourceSetting) {
    const message =
      'is a grammar, which is not supported: in Lex, make it a type with values or a pattern, and export the bot again'
    throw new BotError('BAD_INPUT', `${path} ${message}`, { issues: [{ path, message }] })
  }
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

/** Of a setting that has no switch: it is on. */
function isOn(setting: unknown): boolean {
  if (typeof setting !== 'object' || setting === null) return true
  const { isActive, active } = setting as { isActive?: unknown; active?: unknown }
  return (isActive ?? active) !== false
}
