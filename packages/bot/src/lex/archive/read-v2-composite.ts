/**
 * Composite slots of Lex V2's archive: a slot whose type is made of parts becomes a slot for each part, `who.first` and `who.last`, which
 * V2's clients and handlers see as one again (`hooks/composite-slots.ts`).
 */
import type { z } from 'zod'
import type { IntentModel, SlotModel } from '../../model/bot-model.ts'
import { modelSlotType } from './archive-defaults.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { promptOf } from './read-v2-messages.ts'
import type { v2Slot, v2SlotType } from './v2-format.ts'

type Slot = z.output<typeof v2Slot>
type SlotType = z.output<typeof v2SlotType>

/** The slot types of a language that composite slots need. */
export interface Composites {
  /** Composite slot types: the type of each part, by its name. */
  readonly parts: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Names of slot types by AWS's identifiers. */
  readonly names: ReadonlyMap<string, string>
}

export function compositesOf(types: readonly SlotType[]): Composites {
  const names = new Map(types.map(({ identifier, name }) => [identifier ?? name, name]))
  const parts = types.flatMap(({ name, compositeSlotTypeSetting }) =>
    compositeSlotTypeSetting
      ? [[name, new Map((compositeSlotTypeSetting.subSlots ?? []).map(partType))] as const]
      : [],
  )
  return { names, parts: new Map(parts) }
}

function partType(part: {
  readonly name: string
  readonly slotTypeId?: string | null | undefined
  readonly slotTypeName?: string | null | undefined
}): readonly [string, string] {
  return [part.name, part.slotTypeName ?? part.slotTypeId ?? '']
}

/**
 * @param whole the composite slot as one; its name, order and whether it is required are its parts'
 * @returns a slot for each part; undefined for a slot that is no composite one
 */
export function partsOf(
  slot: Slot,
  whole: SlotModel,
  path: string,
  { parts: types, names }: Composites,
  warnings: ArchiveWarnings,
): readonly SlotModel[] | undefined {
  const ofType = types.get(slot.slotTypeName ?? '')
  const given = slot.subSlotSetting?.slotSpecifications ?? {}
  if (ofType === undefined && Object.keys(given).length === 0) return undefined
  const { order, enough } = readExpression(slot.subSlotSetting?.expression ?? '')
  const all = [...new Set([...order, ...(ofType?.keys() ?? []), ...Object.keys(given)])].filter(
    (name) => ofType?.has(name) || Object.hasOwn(given, name),
  )
  warnings.add(path, `is a composite slot: ${all.map((part) => `${slot.name}.${part}`).join(', ')}`)
  if (whole.prompt) warnings.add(path, 'each part is asked for by its own question; left out')
  return all.map((name) => {
    const spec = Object.hasOwn(given, name) ? given[name] : undefined
    const setting = spec?.valueElicitationSetting
    const type = spec?.slotTypeName ?? spec?.slotTypeId ?? ofType?.get(name) ?? ''
    const defaults = setting?.defaultValueSpecification?.defaultValueList ?? []
    return {
      ...whole,
      name: `${slot.name}.${name}`,
      type: modelSlotType(names.get(type) ?? type),
      required: whole.required && (enough.length === 0 || enough.includes(name)),
      prompt: promptOf(setting?.promptSpecification) ?? whole.prompt,
      utterances: (setting?.sampleUtterances ?? []).map(({ utterance }) =>
        utterance.replaceAll(/\{([^{}.]+)\}/g, `{${slot.name}.$1}`),
      ),
      defaults: defaults.map(({ defaultValue }) => defaultValue),
    }
  })
}

/** `(first AND last) OR nick`: the names in their order, and those that are enough: the first way. */
function readExpression(expression: string): {
  readonly order: readonly string[]
  readonly enough: readonly string[]
} {
  const words = (text: string) =>
    (text.match(/[0-9A-Za-z][\w-]*/g) ?? []).filter((word) => word !== 'AND' && word !== 'OR')
  const [first = ''] = expression.split(/\bOR\b/)
  return { order: words(expression), enough: words(first) }
}

/** What an intent says of a composite slot as one, `{who}`, said of its parts. */
export function withParts(intent: IntentModel): IntentModel {
  const wholes = new Map<string, string[]>()
  for (const { name } of intent.slots) {
    const period = name.indexOf('.')
    const whole = name.slice(0, Math.max(0, period))
    if (whole === '' || intent.slots.some((slot) => slot.name === whole)) continue
    wholes.set(whole, [...(wholes.get(whole) ?? []), `{${name}}`])
  }
  if (wholes.size === 0) return intent
  // No brace of JSON's own is followed by a name without a quote: only words are changed.
  let json = JSON.stringify(intent)
  for (const [whole, parts] of wholes) json = json.replaceAll(`{${whole}}`, parts.join(' '))
  return JSON.parse(json) as IntentModel
}
