/** The active row of a list and a parameter of the address, each following the other. */
import { type Cell, cell, ever, type Readable, reaction } from '@typestead/screens'

export function activeType(
  query: Readable<{ readonly type: string | undefined }>,
  set: (type: string | undefined) => void,
): Cell<string | undefined> {
  const active = cell<string | undefined>(query.peek().type ?? 'Query')
  reaction(() => active.set(query.value.type ?? 'Query'))
  ever(active, (type) => {
    if (type !== (query.peek().type ?? 'Query')) set(type)
  })
  return active
}
