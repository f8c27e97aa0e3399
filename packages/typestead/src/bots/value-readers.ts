/**
 * Who reads values of which field: vocabularies of the config's `nlu`, and slot types of bots, which name such a vocabulary or an
 * entity and its field. Pure.
 */
import type { BotDefinition } from '@typestead/bot'
import type { EntityLike, EntityMeta } from '@typestead/entity'
import type { VocabularyConfig } from '../nlu/nlu-config.ts'

export interface ValueReader {
  /** For people: `the slot type BookTitle of PurchaseBook`. */
  readonly what: string
  /** Where it is written. */
  readonly path: string
  /** The list that the values are kept in. */
  readonly vocabulary: string
  /** The entity as it was named: its class, or its name. */
  readonly entity: EntityLike | string
  readonly entityName: string
  readonly field: string
}

export interface ReadersConfig {
  readonly vocabularies?: Readonly<Record<string, VocabularyConfig>> | undefined
  readonly definitions?: readonly BotDefinition[]
}

export interface UnknownVocabulary {
  readonly bot: string
  readonly path: string
  readonly vocabulary: string
}

export function valueReaders({ vocabularies = {}, definitions = [] }: ReadersConfig): {
  readonly readers: readonly ValueReader[]
  /** Slot types whose vocabulary nobody keeps. */
  readonly unknown: readonly UnknownVocabulary[]
} {
  const readers: ValueReader[] = Object.entries(vocabularies).map(
    ([vocabulary, { entity, field }]) => ({
      what: `the vocabulary ${vocabulary}`,
      path: `nlu.vocabularies.${vocabulary}`,
      vocabulary,
      entity,
      entityName: nameOf(entity),
      field,
    }),
  )
  const unknown: UnknownVocabulary[] = []
  for (const { name: bot, slotTypes = {} } of definitions) {
    for (const [name, { entity, field, vocabulary }] of Object.entries(slotTypes)) {
      const what = `the slot type ${name} of ${bot}`
      const path = `${bot}: slotTypes.${name}`
      if (entity !== undefined && field !== undefined) {
        readers.push({
          what,
          path,
          // As `@typestead/bot` names it.
          vocabulary: `${typeof entity === 'string' ? entity : entity.name}.${field}`,
          // A definition takes any class or name; whether it is an entity of the model is found out by `metaOf`.
          entity: entity as EntityLike | string,
          entityName: nameOf(entity),
          field,
        })
      } else if (vocabulary !== undefined) {
        const source = Object.hasOwn(vocabularies, vocabulary)
          ? vocabularies[vocabulary]
          : undefined
        if (source === undefined) unknown.push({ bot, path: `slotTypes.${name}`, vocabulary })
        else readers.push({ what, path, vocabulary, ...source, entityName: nameOf(source.entity) })
      }
    }
  }
  return { readers, unknown }
}

export function metaOf(metas: readonly EntityMeta[], entity: EntityLike | string) {
  return metas.find((one) => one.entity === entity || one.name === entity)
}

/** Why the field's values cannot be read; undefined where they can. */
export function problemOf(metas: readonly EntityMeta[], reader: ValueReader): string | undefined {
  const meta = metaOf(metas, reader.entity)
  if (meta === undefined)
    return `${reader.entityName} is not in the model; add it to defineModel({ … })`
  const type = meta.fields.get(reader.field)?.definition
  if (type?.type === 'text' && !type.secret) return undefined
  return `${meta.name} has no field "${reader.field}" of text that may be seen`
}

function nameOf(entity: EntityLike | string | { readonly name: string }): string {
  if (typeof entity === 'string') return entity
  return 'entityName' in entity ? entity.entityName : entity.name
}
