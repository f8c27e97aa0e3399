/** The model as the workbench describes it, and what rows of an entity are called. */
import type { FormEntity, FormModel } from '@typestead/screens/forms'

export interface EntityShape extends FormEntity {
  readonly table: string
  readonly fields: readonly (FormEntity['fields'][number] & {
    readonly unique: boolean
    readonly indexed: boolean
  })[]
  readonly relations: readonly (FormEntity['relations'][number] & {
    readonly inverse?: string
    readonly onDelete: string
  })[]
}

export interface ModelShape extends FormModel {
  readonly entities: readonly EntityShape[]
}

/** A row as the workbench answers it: keys and values in JSON, and what the rows it belongs to are called. */
export interface Row {
  readonly key: unknown
  readonly values: Readonly<Record<string, unknown>>
  readonly links: Readonly<Record<string, string>>
}

export function entityIn(model: ModelShape, name: string): EntityShape | undefined {
  return model.entities.find((entity) => entity.name === name)
}

/** The field that rows are found by when one types: a title or name, else the first text. */
export function labelField(entity: FormEntity): string | undefined {
  const texts = entity.fields.filter(({ type, secret }) => type === 'text' && !secret)
  const known = ['title', 'name', 'label', 'email']
  const found = known.find((name) => texts.some((field) => field.name === name))
  return found ?? texts[0]?.name
}

/** A key in an address. */
export function keyText(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

export function rowLabel(entity: FormEntity, { key, values }: Row): string {
  const field = labelField(entity)
  const label = field === undefined ? undefined : values[field]
  return typeof label === 'string' && label !== '' ? label : keyText(key)
}
