/**
 * One program in four libraries: `count` entities of ten fields and two relations, in rings of ten, with a use of each entity's row,
 * create and update inputs and, where the library has them, filters over its relations. What a program of an application holds.
 */
export type Library = 'typestead' | 'zod' | 'drizzle' | 'mikro-orm'

/** `source` is how the program imports the library. */
export function entityProgram(library: Library, count: number, source: string): string {
  const { head, entity, tail } = writers[library]
  const entities = Array.from({ length: count }, (_, index) => entity(ringOf(index)))
  return [head(source), ...entities, tail(count)].join('\n')
}

/** The names of an entity and of its neighbours; each ring of ten is closed. */
interface Place {
  readonly own: string
  readonly next: string
  readonly previous: string
}

function ringOf(index: number): Place {
  const start = index - (index % 10)
  const at = (step: number) => `E${start + ((index - start + step + 10) % 10)}`
  return { own: at(0), next: at(1), previous: at(-1) }
}

interface Writer {
  head(source: string): string
  entity(place: Place): string
  tail(count: number): string
}

const typestead: Writer = {
  head: (
    source,
  ) => `import { Entity, id, string, int, float, boolean, oneOf, datetime, list, belongsTo, hasMany } from '${source}'
import type { CreateInput, Instance, UpdateInput, Where } from '${source}'
`,
  entity: ({ own, next, previous }) => `export class ${own} extends Entity('${own}', {
  id: id(),
  email: string().email().unique(),
  title: string().min(1).max(200),
  body: string().nullable(),
  count: int().min(0),
  score: float(),
  active: boolean().default(true),
  role: oneOf('admin', 'reader').default('reader'),
  createdAt: datetime().default(() => new Date()).readonly(),
  tags: list(string()),
  get next() { return belongsTo(${next}).nullable() },
  get previous() { return hasMany(${previous}, 'next') },
}) {}
export const read${own} = (row: Instance<typeof ${own}>): [string, string | null, number, string | undefined] => [row.email, row.body, row.count, row.next?.id]
export const create${own}: CreateInput<typeof ${own}> = { email: 'a@b.co', title: 'x', count: 1, score: 1, tags: [], next: 'id' }
export const update${own}: UpdateInput<typeof ${own}> = { title: 'y', body: null }
export const where${own}: Where<typeof ${own}> = { count: { gt: 3 }, next: { title: { contains: 'x' } }, previous: { some: { next: { active: true } } } }
`,
  tail: () => '',
}

const zod: Writer = {
  head: (source) => `import { z } from '${source}'\n`,
  entity: ({ own, next, previous }) => `export const ${own} = z.object({
  id: z.uuid(),
  email: z.email(),
  title: z.string().min(1).max(200),
  body: z.string().nullable(),
  count: z.int32().min(0),
  score: z.number(),
  active: z.boolean(),
  role: z.enum(['admin', 'reader']),
  createdAt: z.date(),
  tags: z.array(z.string()),
  get next() { return ${next}.nullable() },
  get previous() { return z.array(${previous}) },
})
export const ${own}Create = z.strictObject({
  email: z.email(),
  title: z.string().min(1).max(200),
  body: z.string().nullable().optional(),
  count: z.int32().min(0),
  score: z.number(),
  active: z.boolean().default(true),
  role: z.enum(['admin', 'reader']).default('reader'),
  tags: z.array(z.string()),
  next: z.uuid().nullable().optional(),
})
export const ${own}Update = ${own}Create.partial()
export const read${own} = (row: z.infer<typeof ${own}>): [string, string | null, number, string | undefined] => [row.email, row.body, row.count, row.next?.id]
export const create${own}: z.input<typeof ${own}Create> = { email: 'a@b.co', title: 'x', count: 1, score: 1, tags: [], next: 'id' }
export const update${own}: z.input<typeof ${own}Update> = { title: 'y', body: null }
`,
  tail: () => '',
}

const drizzle: Writer = {
  head: (source) => `import { relations, gt, like, and } from '${source}'
import { pgTable, uuid, text, integer, doublePrecision, boolean, timestamp } from '${source}/pg-core'
import { drizzle } from '${source}/pg-proxy'
`,
  entity: ({ own, next, previous }) => `export const ${own} = pgTable('${own}', {
  id: uuid().primaryKey().defaultRandom(),
  email: text().notNull().unique(),
  title: text().notNull(),
  body: text(),
  count: integer().notNull(),
  score: doublePrecision().notNull(),
  active: boolean().notNull().default(true),
  role: text({ enum: ['admin', 'reader'] }).notNull().default('reader'),
  createdAt: timestamp().notNull().defaultNow(),
  tags: text().array().notNull(),
  nextId: uuid(),
})
export const ${own}Relations = relations(${own}, ({ one, many }) => ({
  next: one(${next}, { fields: [${own}.nextId], references: [${next}.id] }),
  previous: many(${previous}),
}))
export const read${own} = (row: typeof ${own}.$inferSelect): [string, string | null, number, string | null] => [row.email, row.body, row.count, row.nextId]
export const create${own}: typeof ${own}.$inferInsert = { email: 'a@b.co', title: 'x', count: 1, score: 1, tags: [], nextId: 'id' }
export const update${own}: Partial<typeof ${own}.$inferInsert> = { title: 'y', body: null }
export const where${own} = () => db.query.${own}.findMany({
  where: and(gt(${own}.count, 3), like(${own}.title, '%x%')),
  with: { next: true, previous: { where: (row, { eq }) => eq(row.active, true), with: { next: true } } },
})
`,
  tail: (count) => {
    const names = Array.from({ length: count }, (_, index) => `E${index}, E${index}Relations`)
    return `const schema = { ${names.join(', ')} }
const db = drizzle(async () => ({ rows: [] }), { schema })
`
  },
}

const mikroOrm: Writer = {
  head: (source) => `import { defineEntity, p } from '${source}'
import type { EntityData, FilterQuery, InferEntity, RequiredEntityData } from '${source}'
`,
  entity: ({ own, next, previous }) => `export const ${own} = defineEntity({
  name: '${own}',
  properties: {
    id: p.uuid().primary().onCreate(() => ''),
    email: p.string().unique(),
    title: p.string().length(200),
    body: p.string().nullable(),
    count: p.integer(),
    score: p.double(),
    active: p.boolean().default(true),
    role: p.enum(['admin', 'reader'] as const).default('reader'),
    createdAt: p.datetime().onCreate(() => new Date()),
    tags: p.array(),
    next: () => p.manyToOne(${next}).nullable(),
    previous: () => p.oneToMany(${previous}).mappedBy('next'),
  },
})
export type ${own} = InferEntity<typeof ${own}>
export const read${own} = (row: ${own}): [string, string | null | undefined, number, string | undefined] => [row.email, row.body, row.count, row.next?.id]
export const create${own}: RequiredEntityData<${own}> = { email: 'a@b.co', title: 'x', count: 1, score: 1, tags: [], next: 'id' }
export const update${own}: EntityData<${own}> = { title: 'y', body: null }
export const where${own}: FilterQuery<${own}> = { count: { $gt: 3 }, next: { title: { $like: '%x%' } }, previous: { $some: { next: { active: true } } } }
`,
  tail: () => '',
}

const writers: Readonly<Record<Library, Writer>> = {
  typestead,
  zod,
  drizzle,
  'mikro-orm': mikroOrm,
}
