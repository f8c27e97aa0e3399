/** Lex V2's export archive as a bot's model. */
import type { z } from 'zod'
import { BotError } from '../../bot-error.ts'
import type {
  BotModel,
  ConfirmationModel,
  IntentModel,
  LocaleModel,
  Message,
  MessageGroup,
  PromptModel,
  SlotModel,
  SlotTypeModel,
  StatementModel,
} from '../../model/bot-model.ts'
import { modelFormat } from '../../model/bot-model.ts'
import { defaultRejection, languageWords, modelSlotType } from './archive-defaults.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { checked, parseJson } from './json-file.ts'
import {
  v2Bot,
  v2Intent,
  v2Locale,
  v2Manifest,
  type v2Prompt,
  type v2Response,
  v2Slot,
  v2SlotType,
} from './v2-format.ts'
import { importedDefault } from './write-v2.ts'

type Parsed<Schema extends z.ZodType> = z.output<Schema>
type Files = ReadonlyMap<string, Uint8Array>

/**
 * @param root the folder of the manifest within the archive, with a `/` at its end, or nothing
 * @param hook what an enabled code hook is called: the archive does not say
 * @throws {BotError} BAD_INPUT with files and paths; FORMAT for a newer schema
 */
export function readV2(
  files: Files,
  manifest: string,
  hook: string,
  warnings: ArchiveWarnings,
): Omit<BotModel, 'hash'> {
  const { schemaVersion, resourceType } = read(files, manifest, v2Manifest)
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
  const bot = read(files, botFile, v2Bot)
  const folder = botFile.slice(0, -'Bot.json'.length)
  const tree = new Tree(files, folder, warnings)
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

/** The bot's folder; knows what was read of it. */
class Tree {
  readonly #files: Files
  readonly #folder: string
  readonly #warnings: ArchiveWarnings
  readonly #read = new Set<string>()
  /** Names in each folder, in the archive's order. */
  readonly #children = new Map<string, Set<string>>()

  constructor(files: Files, folder: string, warnings: ArchiveWarnings) {
    this.#files = files
    this.#folder = folder
    this.#warnings = warnings
    for (const name of files.keys()) {
      if (!name.startsWith(folder)) continue
      const parts = name.slice(folder.length).split('/')
      for (let depth = 1; depth < parts.length; depth++) {
        const parent = parts.slice(0, depth).join('/')
        const known = this.#children.get(parent) ?? new Set()
        this.#children.set(parent, known.add(parts[depth] as string))
      }
    }
  }

  /** Folders right below one. */
  below(path: string): readonly string[] {
    const names = this.#children.get(path) ?? []
    return [...names]
      .filter((name) => this.#children.has(`${path}/${name}`))
      .map((name) => `${path}/${name}`)
  }

  read<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
    this.#read.add(path)
    return read(this.#files, this.#folder + path, schema)
  }

  warnOfRest(): void {
    for (const name of this.#files.keys()) {
      const path = name.slice(this.#folder.length)
      if (!name.startsWith(this.#folder) || path === 'Bot.json' || this.#read.has(path)) continue
      this.#warnings.add(name.slice(0, 200), 'is not part of what is understood; left out')
    }
  }
}

function localeOf(tree: Tree, path: string, hook: string, warnings: ArchiveWarnings): LocaleModel {
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
  tree: Tree,
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

function promptOf(prompt: Parsed<typeof v2Prompt> | null | undefined): PromptModel | null {
  const statement = statementOf(prompt)
  return (
    statement && {
      retries: prompt?.maxRetries ?? 0,
      selection: prompt?.messageSelectionStrategy ?? 'Random',
      groups: statement.groups,
      attempts: [],
      card: null,
    }
  )
}

function statementOf(
  response: Parsed<typeof v2Response> | null | undefined,
): StatementModel | null {
  if (!response) return null
  const listed =
    response.messageGroupsList ?? response.messageGroupList ?? response.messageGroups ?? []
  const groups: MessageGroup[] = listed.map(({ message, variations }) =>
    [message, ...(variations ?? [])].flatMap(messageOf),
  )
  const said = groups.filter((group) => group.length > 0)
  return said.length === 0 ? null : { groups: said, card: null }
}

type V2Message = NonNullable<
  NonNullable<Parsed<typeof v2Response>['messageGroupsList']>[number]['variations']
>[number]

function messageOf(message: V2Message): readonly Message[] {
  const { plainTextMessage, ssmlMessage, customPayload, imageResponseCard: card } = message
  if (plainTextMessage) return [{ contentType: 'PlainText', content: plainTextMessage.value }]
  if (ssmlMessage) return [{ contentType: 'SSML', content: ssmlMessage.value }]
  if (customPayload) return [{ contentType: 'CustomPayload', content: customPayload.value }]
  if (!card) return []
  return [
    {
      contentType: 'ImageResponseCard',
      content: card.title,
      card: {
        title: card.title,
        ...(card.subtitle && { subTitle: card.subtitle }),
        ...(card.imageUrl && { imageUrl: card.imageUrl }),
        ...(card.buttons && { buttons: card.buttons }),
      },
    },
  ]
}

function read<Schema extends z.ZodType>(
  files: Files,
  name: string,
  schema: Schema,
): z.output<Schema> {
  const bytes = files.get(name)
  if (bytes === undefined) throw new BotError('BAD_INPUT', `the archive has no ${name}`)
  return checked(name, schema, parseJson(name, bytes))
}
