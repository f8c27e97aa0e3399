/** What a step looks up in a model, made once a model: intents and slot types by name, phrases and utterances by their keys. */
import { compilePattern, type SafePattern } from '@typestead/nlu'
import type {
  DialoguePhrases,
  IntentModel,
  LocaleModel,
  SlotModel,
  SlotTypeModel,
} from '../model/bot-model.ts'
import { utteranceParts } from '../model/utterance.ts'
import { type BuiltinSlotType, builtinSlotType } from '../slot-types/builtin-slot-types.ts'
import { textKey } from './text-key.ts'

export interface LocaleIndex {
  readonly model: LocaleModel
  readonly intents: ReadonlyMap<string, IntentIndex>
  readonly phrases: PhraseIndex
  /** `en`, `de`. */
  readonly language: string
}

export interface IntentIndex {
  readonly model: IntentModel
  readonly slots: ReadonlyMap<string, SlotIndex>
  /** Keys of utterances without placeholders. */
  readonly utterances: ReadonlySet<string>
}

export interface SlotIndex {
  readonly model: SlotModel
  readonly type: SlotTypeIndex
  /** What stands before and after the value in the slot's own utterances, as keys. */
  readonly frames: readonly { readonly before: string; readonly after: string }[]
  /** Whether a guess at a value is shown before anything is done with it. */
  readonly confirmed: boolean
}

export interface SlotTypeIndex {
  readonly name: string
  readonly custom: SlotTypeModel | null
  readonly builtin: BuiltinSlotType | null
  /** Canonical values by the keys of values and synonyms. */
  readonly values: ReadonlyMap<string, string>
  /** Words that the longest key has. */
  readonly longest: number
  readonly pattern: SafePattern | null
}

export interface PhraseIndex {
  readonly yes: ReadonlySet<string>
  readonly no: ReadonlySet<string>
  readonly cancel: ReadonlySet<string>
  readonly repeat: ReadonlySet<string>
  readonly skip: ReadonlySet<string>
  readonly person: ReadonlySet<string>
  /** Keys of what begins a correction, the longest first. */
  readonly correct: readonly string[]
  /** `[before the slot, between, after]` as keys; `slotFirst` tells which stands first. */
  readonly change: readonly ChangeFrame[]
  /** The word by which the first of them begins: "change"; '' where they begin with the slot. */
  readonly changeVerb: string
  /** As the keys of "yes" and "no", the longest first. */
  readonly yesList: readonly string[]
  readonly noList: readonly string[]
}

export interface ChangeFrame {
  readonly before: string
  readonly between: string
  readonly after: string
  readonly slotFirst: boolean
}

const indexes = new WeakMap<LocaleModel, LocaleIndex>()

export function localeIndex(model: LocaleModel): LocaleIndex {
  const known = indexes.get(model)
  if (known) return known
  const types = new Map<string, SlotTypeIndex>()
  for (const type of model.slotTypes) types.set(type.name, slotTypeIndex(type.name, type))
  const index: LocaleIndex = {
    model,
    intents: new Map(model.intents.map((intent) => [intent.name, intentIndex(intent, types)])),
    phrases: phraseIndex(model.phrases),
    language: model.locale.split('_')[0]?.toLowerCase() ?? 'en',
  }
  indexes.set(model, index)
  return index
}

function intentIndex(model: IntentModel, types: Map<string, SlotTypeIndex>): IntentIndex {
  const slots = new Map<string, SlotIndex>()
  for (const slot of model.slots) {
    let type = types.get(slot.type)
    if (!type) {
      type = slotTypeIndex(slot.type, null)
      types.set(slot.type, type)
    }
    slots.set(slot.name, {
      model: slot,
      type,
      frames: slot.utterances.flatMap((utterance) => frameOf(utterance, slot.name)),
      confirmed: model.confirmation !== null,
    })
  }
  const plain = model.utterances.filter((utterance) => !utterance.includes('{'))
  return { model, slots, utterances: new Set(plain.map(textKey)) }
}

/** An utterance with this placeholder alone. */
function frameOf(utterance: string, slot: string): { before: string; after: string }[] {
  const parts = utteranceParts(utterance)
  const at = parts.findIndex((part) => part.type === 'slot')
  if (parts.filter((part) => part.type === 'slot').length !== 1) return []
  const found = parts[at]
  if (found?.type !== 'slot' || found.slot !== slot) return []
  const text = (place: number) => {
    const part = parts[place]
    return part?.type === 'text' ? textKey(part.text) : ''
  }
  return [{ before: text(at - 1), after: text(at + 1) }]
}

function slotTypeIndex(name: string, custom: SlotTypeModel | null): SlotTypeIndex {
  const values = new Map<string, string>()
  let longest = 0
  for (const { value, synonyms } of custom?.values ?? []) {
    for (const word of [value, ...synonyms]) {
      const key = textKey(word)
      if (key === '' || values.has(key)) continue
      values.set(key, value)
      longest = Math.max(longest, key.split(' ').length)
    }
  }
  const builtin = custom === null ? name : custom.parent
  return {
    name,
    custom,
    builtin: builtin === null ? null : (builtinSlotType(builtin) ?? null),
    values,
    longest,
    pattern: custom === null || custom.pattern === null ? null : compilePattern(custom.pattern),
  }
}

function phraseIndex(phrases: DialoguePhrases): PhraseIndex {
  const keys = (list: readonly string[]) => list.map(textKey).filter((key) => key !== '')
  const longestFirst = (list: readonly string[]) => keys(list).sort((a, b) => b.length - a.length)
  const change = phrases.change.flatMap(changeFrame)
  return {
    yes: new Set(keys(phrases.yes)),
    no: new Set(keys(phrases.no)),
    cancel: new Set(keys(phrases.cancel)),
    repeat: new Set(keys(phrases.repeat)),
    skip: new Set(keys(phrases.skip)),
    person: new Set(keys(phrases.person)),
    correct: longestFirst(phrases.correct),
    change,
    changeVerb: change[0]?.before.split(' ')[0] ?? '',
    yesList: longestFirst(phrases.yes),
    noList: longestFirst(phrases.no),
  }
}

function changeFrame(phrase: string): ChangeFrame[] {
  const slot = phrase.indexOf('{slot}')
  const value = phrase.indexOf('{value}')
  if (slot < 0 || value < 0) return []
  const slotFirst = slot < value
  const [first, second] = slotFirst ? ['{slot}', '{value}'] : ['{value}', '{slot}']
  const [from, to] = slotFirst ? [slot, value] : [value, slot]
  return [
    {
      before: textKey(phrase.slice(0, from)),
      between: textKey(phrase.slice(from + first.length, to)),
      after: textKey(phrase.slice(to + second.length)),
      slotFirst,
    },
  ]
}
