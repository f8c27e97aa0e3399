/**
 * Ids of seeded rows: UUIDs of version 7 like every other, but the same in every run, and with the kind and number of the
 * row where others have random bits. Two rows never share one: kind and number differ.
 */
const kinds = ['user', 'author', 'book', 'review', 'post', 'order', 'orderLine'] as const

export type Kind = (typeof kinds)[number]

/** @param at when the row was made; ids ascend with it */
export function seedId(kind: Kind, index: number, at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  const number = index.toString(16).padStart(8, '0')
  const mark = (kinds.indexOf(kind) + 1).toString(16)
  // The last digits only make ids look as mixed as they usually do.
  const mixed = (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${mixed.slice(0, 3)}-8${mark}${mixed.slice(3, 5)}-${mixed.slice(4)}${number}`
}
