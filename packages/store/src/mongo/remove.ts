/**
 * Deletion, and what it does to rows that point to the deleted ones. Everything is looked up and judged before anything is
 * written. A document is first marked, with its event, on condition that it is the one read; from then on it is no row, its
 * unique places are free, and after its event was told it is removed.
 * Without transactions: a row that is linked to a deleted one between the look and the mark keeps a link to no row, and
 * a process killed in the middle of a cascade leaves the rows deleted that it had come to (the innermost first).
 */
import {
  and,
  type EntityMeta,
  type RelationMeta,
  storedNames,
  type Values,
} from '@typestead/entity'
import type { Delete } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { keyText } from '../hydrate.ts'
import { companions, encodeNamed, freed, fromDocument, type StoredDocument } from './documents.ts'
import { matching } from './evaluate.ts'
import { filterOf } from './query.ts'
import type { MongoSession } from './session.ts'
import { eventOf, forbidden, revise } from './write.ts'

/** More rows than this are not deleted by one cascade. */
const maximumRows = 100_000

interface Doomed {
  readonly meta: EntityMeta
  readonly document: StoredDocument
  readonly row: Values
  /** The links that the row lets go of; then it stays. */
  readonly lets?: readonly string[]
}

/**
 * The rows as they were.
 * @throws {StoreError} `FORBIDDEN`; `REFERENCED` naming the entity and relation that still point there
 */
export async function deleteRows(session: MongoSession, remove: Delete): Promise<Values[]> {
  const { meta } = remove
  const started = performance.now()
  const names = storedNames(meta)
  const gone: Values[] = []
  for (;;) {
    const documents = await session.documents(meta, and([remove.where, remove.visible]))
    const rows = documents.map((document) => fromDocument(meta, document, names))
    const allowed = await matching(session.read, meta, remove.allowed, rows)
    if (remove.single && allowed[0] === false) throw forbidden(meta)
    const roots = documents.flatMap((document, index) =>
      allowed[index] ? [{ meta, document, row: rows[index] as Values }] : [],
    )
    const plan = await follow(session, roots)
    const missed = await carryOut(session, plan, gone, meta, roots)
    if (!missed) return gone
    if (performance.now() - started > session.context.statementTimeout)
      throw new StoreError('TIMEOUT', 'others kept changing the same rows; try again')
  }
}

/** All that is written, innermost first, so that no link ever leads to no row. */
async function follow(session: MongoSession, roots: readonly Doomed[]): Promise<Doomed[]> {
  const deleted = new Map(roots.map((one) => [textOf(one), one]))
  const loosened = new Map<string, Doomed>()
  const restricted: { one: Doomed; relation: RelationMeta }[] = []
  let open: readonly Doomed[] = roots
  while (open.length > 0) {
    const next: Doomed[] = []
    for (const meta of new Set(open.map((one) => one.meta))) {
      const keys = open.filter((one) => one.meta === meta).map((one) => one.document._id)
      for (const { child, relation } of linksTo(session, meta)) {
        for (const document of await linked(session, child, relation, keys)) {
          const one = {
            meta: child,
            document,
            row: fromDocument(child, document, storedNames(child)),
          }
          const text = textOf(one)
          if (deleted.has(text)) continue
          const action = relation.definition.onDelete ?? 'restrict'
          if (action === 'restrict') restricted.push({ one, relation })
          else if (action === 'setNull') {
            const lets = [...(loosened.get(text)?.lets ?? []), relation.name]
            loosened.set(text, { ...one, lets })
          } else {
            deleted.set(text, one)
            next.push(one)
          }
        }
      }
    }
    if (deleted.size > maximumRows) {
      throw new StoreError(
        'UNSUPPORTED',
        `deleting this would delete more than ${maximumRows} rows at once; delete the rows that point there first`,
      )
    }
    open = next
  }
  // A row that goes in the same deletion does not hold back the one it points to.
  const held = restricted.find(({ one }) => !deleted.has(textOf(one)))
  if (held) throw referenced(held.one.meta, held.relation)
  const letting = [...loosened].filter(([text]) => !deleted.has(text)).map(([, one]) => one)
  return [...letting, ...[...deleted.values()].reverse()]
}

function linksTo(
  session: MongoSession,
  target: EntityMeta,
): { child: EntityMeta; relation: RelationMeta }[] {
  return session.context.model.metas.flatMap((child) =>
    [...child.relations.values()]
      .filter((relation) => relation.kind === 'belongsTo' && relation.target === target)
      .map((relation) => ({ child, relation })),
  )
}

function linked(
  session: MongoSession,
  child: EntityMeta,
  relation: RelationMeta,
  keys: readonly unknown[],
): Promise<StoredDocument[]> {
  return session.documents(
    child,
    { op: 'always' },
    filterOf(child, { op: 'keyIn', link: relation, keys }),
  )
}

/** True when a document had changed since it was read; then the rest is looked up again. */
async function carryOut(
  session: MongoSession,
  plan: readonly Doomed[],
  gone: Values[],
  meta: EntityMeta,
  roots: readonly Doomed[],
): Promise<boolean> {
  const mine = new Set(roots.map(textOf))
  const told: { meta: EntityMeta; document: StoredDocument }[] = []
  let missed = false
  for (const one of plan) {
    const written = one.lets ? await letGo(session, one, one.lets) : await mark(session, one)
    if (!written) {
      missed = true
      break
    }
    told.push({ meta: one.meta, document: written })
    if (one.meta === meta && mine.has(textOf(one)) && !one.lets) gone.push(one.row)
  }
  await session.tell(told)
  return missed
}

function mark(
  session: MongoSession,
  { meta, document, row }: Doomed,
): Promise<StoredDocument | undefined> {
  const changes = {
    _hidden: { kind: 'deleted' },
    ...(document._unique ? { _unique: freed(meta, row) } : {}),
  }
  return revise(session, meta, document, changes, eventOf(meta, 'delete', row))
}

function letGo(
  session: MongoSession,
  { meta, document, row }: Doomed,
  links: readonly string[],
): Promise<StoredDocument | undefined> {
  const after = { ...row, ...Object.fromEntries(links.map((name) => [name, null])) }
  const changes = Object.fromEntries(links.map((name) => [name, encodeNamed(meta, name, null)]))
  return revise(
    session,
    meta,
    document,
    { ...changes, ...companions(meta, after) },
    eventOf(meta, 'update', after),
  )
}

function textOf({ meta, document }: Doomed): string {
  return `${meta.name} ${keyText(document._id)}`
}

function referenced(meta: EntityMeta, relation: RelationMeta): StoreError {
  const message = `there are still rows of ${meta.name} whose ${relation.name} it is`
  return new StoreError('REFERENCED', message, { entity: meta.name, fields: [relation.name] })
}
