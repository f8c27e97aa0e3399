/**
 * A definition less what has the wrong shape, so that the rest of it is still checked and everything wrong is told at once. Where
 * other parts name what was wrong (a slot, a type), a stand-in of the right shape takes its place.
 */

export type Path = readonly PropertyKey[]

/** @returns null when nothing is left to check */
export function soundDefinition(definition: unknown, wrong: readonly Path[]): unknown {
  let sound = definition
  for (const path of wrong) {
    if (path.length === 0 || (path.length === 1 && path[0] === 'intents')) return null
    sound = replaced(sound, path, standIn(path))
  }
  return sound
}

/** Undefined where the part can be left out. */
function standIn(path: Path): unknown {
  const last = path.at(-1)
  const [before, above] = [path.at(-2), path.at(-3)]
  if (path.length === 1 && last === 'name') return 'Bot'
  if (before === 'slots') return { type: 'AMAZON.FreeFormInput', prompt: '-' }
  if (above === 'slots' && last === 'type') return 'AMAZON.FreeFormInput'
  if (before === 'slotTypes') return { values: ['-'] }
  if (before === 'intents') return { utterances: ['-'] }
  if (last === 'prompt' || last === 'rejection') return '-'
  if (before === 'output') return '-'
  return typeof last === 'number' ? '' : undefined
}

/** Copies what the path leads through; a path that leads nowhere changes nothing. */
function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value)) {
    return value.map((part: unknown, i) => (i === key ? replaced(part, rest, by) : part))
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const name = String(key)
  if (rest.length === 0 && by !== undefined && !entries.some(([known]) => known === name)) {
    entries.push([name, undefined])
  }
  return Object.fromEntries(
    entries.flatMap(([known, part]) => {
      if (known !== name) return [[known, part]]
      const next = replaced(part, rest, by)
      return next === undefined ? [] : [[known, next]]
    }),
  )
}
