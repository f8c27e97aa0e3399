/** How many objects an answer holds: its rows; of a page, also the page and its edges. */

/** Strings are passed over, since a brace may stand in one. */
const pieces = /"(?:[^"\\]|\\.)*"|\{/g

/** @param text the whole answer; the object around it and `data` are no rows */
export function rowsInText(text: string): number {
  let objects = 0
  for (const [piece] of text.matchAll(pieces)) if (piece === '{') objects++
  return Math.max(0, objects - 2)
}

export function rowsInData(data: unknown): number {
  let objects = 0
  const look = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value)) objects++
    for (const part of Object.values(value)) look(part)
  }
  look(data)
  return Math.max(0, objects - 1)
}
