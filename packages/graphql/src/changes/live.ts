/**
 * Live queries: `query @live { … }` is answered, and again when rows of its entities have changed and the answer is another.
 * Changes that come close together make one answer.
 */
import { type OperationDefinitionNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import type { Engine } from '../answer.ts'
import type { PreparedDocument } from '../documents.ts'
import type { ErrorFormat } from '../error-format.ts'
import { endWith, type Sink } from './subscribe.ts'

const coalesceMilliseconds = 50
const retryMilliseconds = 500

export function isLive({ directives }: OperationDefinitionNode): boolean {
  return directives?.some(({ name }) => name.value === 'live') ?? false
}

export async function runLive(
  engine: Engine,
  prepared: PreparedDocument,
  /** @throws {StoreError} `UNAVAILABLE`, and nothing else */
  ask: () => Promise<string>,
  sink: Sink,
  errors: ErrorFormat,
): Promise<() => void> {
  const entities = entitiesOf(engine, prepared)
  let last: string | undefined
  let timer: NodeJS.Timeout | undefined
  let asking = false
  let again = false
  let ended = false
  const answer = async () => {
    timer = undefined
    if (asking) {
      again = true
      return
    }
    asking = true
    try {
      do {
        again = false
        const text = await ask()
        if (!ended && text !== last) sink.next(text)
        last = text
      } while (again && !ended)
    } finally {
      asking = false
    }
  }
  // While the store is away the last answer stands; it is asked again until it is back.
  const answerLater = (milliseconds: number) => {
    timer = setTimeout(() => {
      answer().catch(() => {
        if (!ended) answerLater(retryMilliseconds)
      })
    }, milliseconds)
  }
  // Watched before the first answer, so that no change between the two is missed.
  const leave = await engine.changes.hub.watch({
    page({ events }) {
      if (timer || !events.some(({ entity }) => entities === null || entities.has(entity))) return
      answerLater(coalesceMilliseconds)
    },
    fail(error) {
      if (!ended) endWith(sink, errors, error)
      ended = true
    },
  })
  const stop = () => {
    ended = true
    clearTimeout(timer)
    leave()
  }
  try {
    await answer()
  } catch (error) {
    stop()
    throw error
  }
  return stop
}

/** The entities whose rows can change the answer; `null` for all, where filters or rules look at others. */
function entitiesOf(engine: Engine, { document }: PreparedDocument): ReadonlySet<string> | null {
  const names = new Set<string>()
  let all = false
  const info = new TypeInfo(engine.schema)
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const plan = info.getFieldDef()?.extensions.typestead as { kind: string } | undefined
        // Functions read what they like, and filters may look through relations.
        if (plan && ['query', 'resolved'].includes(plan.kind)) all = true
        if (node.arguments?.some(({ name }) => name.value === 'where')) all = true
        const view = engine.text.views.get(info.getParentType()?.name ?? '')
        if (!view) return
        names.add(view.meta.name)
        const read = view.meta.rules.read
        if (
          read &&
          JSON.stringify(read, (key, value) =>
            key === 'relation' || key === 'definition' ? undefined : value,
          ).includes('"related"')
        )
          all = true
      },
    }),
  )
  return all ? null : names
}
