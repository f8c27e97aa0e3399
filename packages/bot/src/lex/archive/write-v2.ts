/** A bot's model as Lex V2's export archive; what V2 has no words for is warned of. */
import { createHash } from 'node:crypto'
import type {
  BotModel,
  IntentModel,
  LocaleModel,
  SlotModel,
  SlotTypeModel,
} from '../../model/bot-model.ts'
import { canonicalJson } from '../../model/compile-bot.ts'
import { languageWords } from './archive-defaults.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { warnOfV2 } from './aws-takes.ts'
import type { V2Intent, V2Slot, V2SlotType } from './v2-format.ts'
import { checkVocabulary } from './write-v1.ts'
import { promptOf, responseOf } from './write-v2-messages.ts'

/** V2 names one Lambda function per alias and language, outside the archive; here it is this. */
export const defaultHook = 'lambda'

/** @param version as the archive shall say: a number, or `DRAFT` */
export function v2Files(
  model: BotModel,
  version: string,
  hook: string,
  warnings: ArchiveWarnings,
): ReadonlyMap<string, unknown> {
  const files = new Map<string, unknown>()
  files.set('Manifest.json', {
    metaData: { schemaVersion: '1', fileFormat: 'LexJson', resourceType: 'BOT' },
  })
  files.set(`${model.name}/Bot.json`, {
    name: model.name,
    version,
    description: model.description || null,
    identifier: identifier(model.name),
    dataPrivacy: { childDirected: model.childDirected },
    errorLogSettings: null,
    idleSessionTTLInSeconds: model.sessionTtlSeconds,
  })
  const locales = Object.values(model.locales)
  if (importedDefault(locales.map(({ locale }) => locale)) !== model.defaultLocale) {
    warnings.add('locale', `V2 has no default language; ${model.defaultLocale} is told no more`)
  }
  for (const locale of locales) {
    const path = locale.locale === model.defaultLocale ? '' : `locales.${locale.locale}.`
    localeFiles(files, `${model.name}/BotLocales/${locale.locale}`, locale, path, hook, warnings)
  }
  return files
}

/** Which language an importer of ours takes as the default. */
export function importedDefault(locales: readonly string[]): string {
  return locales.includes('en_US') ? 'en_US' : (locales.toSorted()[0] ?? 'en_US')
}

function localeFiles(
  files: Map<string, unknown>,
  folder: string,
  locale: LocaleModel,
  path: string,
  hook: string,
  warnings: ArchiveWarnings,
): void {
  const words = languageWords(locale.locale)
  for (const part of ['clarification', 'abort', 'phrases'] as const) {
    if (canonicalJson(locale[part]) === canonicalJson(words[part])) continue
    warnings.add(
      `${path}${part}`,
      'V2 has no such words (a fallback intent takes their place); left out',
    )
  }
  files.set(`${folder}/BotLocale.json`, {
    name: languageName(locale.locale),
    identifier: locale.locale,
    version: null,
    description: null,
    voiceSettings: locale.outputVoice ? { voiceId: locale.outputVoice, engine: 'standard' } : null,
    nluConfidenceThreshold: locale.threshold,
    generativeAISettings: null,
  })
  warnOfV2(locale, path, warnings)
  for (const intent of locale.intents) {
    const here = `${path}intents.${intent.name}`
    files.set(
      `${folder}/Intents/${intent.name}/Intent.json`,
      intentFile(intent, here, hook, warnings),
    )
    for (const slot of intent.slots) {
      files.set(
        `${folder}/Intents/${intent.name}/Slots/${slot.name}/Slot.json`,
        slotFile(slot, `${here}.slots.${slot.name}`, warnings),
      )
    }
  }
  for (const type of locale.slotTypes) {
    files.set(`${folder}/SlotTypes/${type.name}/SlotType.json`, slotTypeFile(type, warnings))
  }
}

function intentFile(
  intent: IntentModel,
  path: string,
  hook: string,
  warnings: ArchiveWarnings,
): V2Intent & { readonly identifier: string } {
  for (const name of [intent.dialogHook, intent.fulfilmentHook]) {
    if (name === null || name === hook) continue
    warnings.add(path, `V2 names hooks at the alias; ${name} becomes ${hook} when it is imported`)
  }
  if (intent.followUp) warnings.add(`${path}.followUp`, 'V2 has no follow-up prompt; left out')
  const { confirmation, success, failure, closing } = intent
  return {
    name: intent.name,
    identifier: intent.builtin === 'AMAZON.FallbackIntent' ? 'FALLBCKINT' : identifier(intent.name),
    description: intent.description || null,
    parentIntentSignature: intent.builtin,
    sampleUtterances: utterancesOf(intent.utterances),
    intentConfirmationSetting: confirmation && {
      isActive: true,
      promptSpecification: promptOf(confirmation.prompt, `${path}.confirmation`, warnings),
      declinationResponse: responseOf(
        confirmation.rejection,
        `${path}.confirmation.rejection`,
        warnings,
      ),
      confirmationNextStep: null,
      declinationNextStep: null,
      failureNextStep: null,
      elicitationCodeHook: null,
    },
    intentClosingSetting: closing && {
      isActive: true,
      closingResponse: responseOf(closing, `${path}.closing`, warnings),
      nextStep: null,
    },
    initialResponseSetting: null,
    inputContexts: filled(intent.inputContexts.map((name) => ({ name }))),
    outputContexts: filled(
      intent.outputContexts.map(({ name, timeToLiveSeconds, turnsToLive }) => ({
        name,
        timeToLiveInSeconds: timeToLiveSeconds,
        turnsToLive,
      })),
    ),
    kendraConfiguration: null,
    qnAIntentConfiguration: null,
    bedrockAgentIntentConfiguration: null,
    qInConnectIntentConfiguration: null,
    dialogCodeHook: intent.dialogHook === null ? null : { enabled: true },
    fulfillmentCodeHook:
      intent.fulfilmentHook === null && !success && !failure
        ? null
        : {
            isActive: true,
            enabled: intent.fulfilmentHook !== null,
            fulfillmentUpdatesSpecification: null,
            postFulfillmentStatusSpecification: {
              successResponse: success && responseOf(success, `${path}.success`, warnings),
              successNextStep: null,
              failureResponse: failure && responseOf(failure, `${path}.failure`, warnings),
              failureNextStep: null,
              timeoutResponse: null,
              timeoutNextStep: null,
            },
          },
    slotPriorities: intent.slots.map(({ name, priority }) => ({ slotName: name, priority })),
  }
}

function slotFile(
  slot: SlotModel,
  path: string,
  warnings: ArchiveWarnings,
): V2Slot & { readonly identifier: string } {
  if (slot.asked) warnings.add(`${path}.asked`, 'Lex never asks for optional slots; left out')
  return {
    name: slot.name,
    identifier: identifier(slot.name),
    description: null,
    slotTypeName: slot.type,
    obfuscationSetting: slot.obfuscated ? { obfuscationSettingType: 'DefaultObfuscation' } : null,
    valueElicitationSetting: {
      slotCaptureSetting: null,
      slotConstraint: slot.required ? 'Required' : 'Optional',
      defaultValueSpecification:
        slot.defaults.length === 0
          ? null
          : { defaultValueList: slot.defaults.map((defaultValue) => ({ defaultValue })) },
      promptSpecification: slot.prompt && promptOf(slot.prompt, `${path}.prompt`, warnings),
      sampleUtterances: utterancesOf(slot.utterances),
      waitAndContinueSpecification: null,
    },
    multipleValuesSetting: slot.multiple ? { allowMultipleValues: true } : null,
  }
}

function slotTypeFile(
  type: SlotTypeModel,
  warnings: ArchiveWarnings,
): V2SlotType & { readonly identifier: string } {
  checkVocabulary(type, warnings)
  return {
    name: type.name,
    identifier: identifier(type.name),
    description: type.description || null,
    slotTypeValues: filled(
      type.values.map(({ value, synonyms }) => ({
        sampleValue: { value },
        synonyms: filled(synonyms.map((synonym) => ({ value: synonym }))),
      })),
    ),
    parentSlotTypeSignature: type.parent,
    valueSelectionSetting: {
      resolutionStrategy: type.strategy === 'TopResolution' ? 'TOP_RESOLUTION' : 'ORIGINAL_VALUE',
      regexFilter: type.pattern === null ? null : { pattern: type.pattern },
      advancedRecognitionSetting: null,
    },
  }
}

/** As AWS has it: a list that is empty is not there. */
function filled<T>(list: readonly T[]): T[] | null {
  return list.length === 0 ? null : [...list]
}

function utterancesOf(utterances: readonly string[]): { utterance: string }[] | null {
  return filled(utterances.map((utterance) => ({ utterance })))
}

/** `English (US)`. */
function languageName(locale: string): string {
  const names = new Intl.DisplayNames('en', {
    type: 'language',
    style: 'short',
    languageDisplay: 'standard',
  })
  return names.of(locale.replace('_', '-')) ?? locale
}

/** Ten letters and digits, as AWS has them; the same name gives the same. */
function identifier(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex')
  return BigInt(`0x${digits}`).toString(36).toUpperCase().slice(0, 10)
}
