/** What is certain about a sentence because an utterance says it word for word; it stands before whatever anybody guesses. */
import { tokenize, type Vocabularies } from '@typestead/nlu'
import { textKey } from '../dialogue/text-key.ts'
import type { LocaleModel, SlotTypeModel } from '../model/bot-model.ts'
import type { TemplateMatch, TemplateSlot, Templates } from './template-match.ts'
import type {
  Understanding,
  UnderstandRequest,
  UnderstoodEntity,
  UnderstoodIntent,
} from './understanding.ts'

export interface Certain {
  readonly intents: readonly UnderstoodIntent[]
  readonly entities: readonly UnderstoodEntity[]
}

/** A placeholder of an open type takes any words, so a little is left for other intents to be surer. */
const withOpenWords = 0.95
const withOneWord = 0.8

export function templateUnderstanding(
  templates: Templates,
  locale: LocaleModel,
  { text, contexts }: Pick<UnderstandRequest, 'text' | 'contexts'>,
  vocabularies: Vocabularies | undefined,
): Certain {
  const allowed = allowedIntents(locale, contexts)
  const intents: UnderstoodIntent[] = []
  let entities: readonly UnderstoodEntity[] = []
  for (const match of templates.match(text)) {
    if (!allowed.has(match.intent) || intents.some(({ name }) => name === match.intent)) continue
    const filled = match.slots.map((slot) => slotValue(slot, match, locale, text, vocabularies))
    const values = filled.filter((one) => one !== null)
    if (values.length < filled.length) continue
    const isKnown = values.every(({ known }) => known)
    if (!isKnown && match.literals === 0) continue
    const confidence = isKnown ? 1 : match.literals > 1 ? withOpenWords : withOneWord
    intents.push({ name: match.intent, confidence })
    if (intents.length === 1) {
      entities = values.map(({ slot: { slot, start, end }, value }) => ({
        entity: slot,
        value,
        start,
        end,
        confidence,
      }))
    }
  }
  return { intents: intents.sort((a, b) => b.confidence - a.confidence).slice(0, 5), entities }
}

/** Intents without words, or whose contexts are not all active, are not considered. */
export function allowedIntents(
  locale: LocaleModel,
  contexts: readonly string[],
): ReadonlySet<string> {
  return new Set(
    locale.intents
      .filter(
        ({ utterances, inputContexts }) =>
          utterances.length > 0 && inputContexts.every((one) => contexts.includes(one)),
      )
      .map(({ name }) => name),
  )
}

/** `certain` first, then what another found, as far as it does not say otherwise. */
export function withTemplates(guessed: Understanding, certain: Certain): Understanding {
  if (certain.intents.length === 0) return guessed
  const names = new Set(certain.intents.map(({ name }) => name))
  const others = guessed.intents.filter(({ name }) => !names.has(name))
  const overlaps = ({ start, end }: UnderstoodEntity) =>
    certain.entities.some((one) => one.start < end && start < one.end)
  return {
    ...guessed,
    intents: [
      ...certain.intents,
      ...others.map(({ name, confidence }) => ({ name, confidence: confidence * 0.5 })),
    ].sort((a, b) => b.confidence - a.confidence),
    entities: [...certain.entities, ...guessed.entities.filter((one) => !overlaps(one))].sort(
      (a, b) => a.start - b.start,
    ),
  }
}

interface FoundValue {
  readonly slot: TemplateSlot
  readonly value: string
  readonly known: boolean
}

function slotValue(
  slot: TemplateSlot,
  { intent }: TemplateMatch,
  locale: LocaleModel,
  text: string,
  vocabularies: Vocabularies | undefined,
): FoundValue | null {
  const said = text.slice(slot.start, slot.end)
  const type = locale.intents
    .find(({ name }) => name === intent)
    ?.slots.find(({ name }) => name === slot.slot)?.type
  const custom = locale.slotTypes.find(({ name }) => name === type)
  if (!custom) return { slot, value: said, known: false }
  const known = knownValue(custom, said, vocabularies)
  if (known !== undefined) return { slot, value: known, known: true }
  return custom.strategy === 'TopResolution' ? null : { slot, value: said, known: false }
}

function knownValue(
  { values, vocabulary }: SlotTypeModel,
  said: string,
  vocabularies: Vocabularies | undefined,
): string | undefined {
  const key = textKey(said)
  for (const { value, synonyms } of values)
    if (textKey(value) === key || synonyms.some((one) => textKey(one) === key)) return value
  if (vocabulary === null || !vocabularies) return undefined
  const tokens = tokenize(said)
  return vocabularies
    .find(tokens)
    .find(({ list, from, to }) => list === vocabulary && from === 0 && to === tokens.length)?.phrase
}
