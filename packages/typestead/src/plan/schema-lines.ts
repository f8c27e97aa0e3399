/** What differs between two JSON Schemas of an object, a line for each property, as people read a diff. */
type Schema = Readonly<Record<string, unknown>>

/**
 * `+ name: …` is new, `- name` is gone, `~ name: …` is another; required names are listed when they change. The order of
 * keys and of required names means nothing: a database may keep them in another one.
 */
export function schemaLines(before: Schema | undefined, after: Schema): readonly string[] {
  const had = properties(before)
  const has = properties(after)
  const lines: string[] = []
  for (const [name, schema] of Object.entries(has)) {
    const text = JSON.stringify(schema)
    if (!Object.hasOwn(had, name)) lines.push(`+ ${name}: ${text}`)
    else if (canonical(had[name]) !== canonical(schema)) lines.push(`~ ${name}: ${text}`)
  }
  for (const name of Object.keys(had)) if (!Object.hasOwn(has, name)) lines.push(`- ${name}`)
  if (requiredOf(before) !== requiredOf(after)) {
    lines.push(`~ required: ${JSON.stringify(after.required ?? [])}`)
  }
  return lines
}

function properties(schema: Schema | undefined): Schema {
  // A schema of an entity has an object of properties.
  return (schema?.properties ?? {}) as Schema
}

function requiredOf(schema: Schema | undefined): string {
  const required = schema?.required
  return Array.isArray(required) ? [...required].sort().join() : ''
}

/** JSON with keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
