/** Names that every store and API accepts as they are. */
import { invalid } from './errors.ts'

const entityPattern = /^[A-Z][A-Za-z0-9]{0,62}$/
const fieldPattern = /^[a-z][A-Za-z0-9]{0,62}$/
const reserved = new Set(['and', 'or', 'not', 'then', 'prototype', 'toJSON'])

/** @throws {EntityError} `INVALID_DEFINITION` */
export function checkEntityName(name: string): void {
  if (entityPattern.test(name)) return
  throw invalid(`an entity's name is a capital letter, then letters and digits, not "${name}"`)
}

/**
 * Beside the words of filters, every name that plain objects have is taken (`constructor`, `toString`, …).
 * @throws {EntityError} `INVALID_DEFINITION`
 */
export function checkFieldName(owner: string, name: string): void {
  if (fieldPattern.test(name) && !reserved.has(name) && !(name in {})) return
  throw invalid(
    `${owner}.${name}: a field's name is a small letter, then letters and digits, and none of ${[...reserved].join(', ')} or what every object has`,
  )
}
