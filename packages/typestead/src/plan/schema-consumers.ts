/** The parts of the plan that follow from the entities alone: JSON Schema, and the validators of the same definition on MongoDB. */
import { toJsonSchema } from '@typestead/entity'
import type { PlanConsumer, PlanContext, PlanEffect } from './consumer.ts'
import { schemaLines } from './schema-lines.ts'

export const jsonSchemaConsumer: PlanConsumer = {
  name: 'JSON Schema',
  effects: ({ before, after }) =>
    after.entities.flatMap((entity) => {
      const was = before?.entities.find(
        (one) => one.name === entity.name || one.name === entity.was,
      )
      const views = [
        ['row', was?.schema, entity.schema],
        ['create', was?.createSchema, entity.createSchema],
      ] as const
      return views.flatMap(([view, earlier, now]): PlanEffect[] => {
        const lines = schemaLines(earlier, now)
        if (lines.length === 0) return []
        const summary =
          earlier === undefined ? `new schema of ${view}` : `the schema of ${view} changes`
        const effect = {
          entity: entity.name,
          summary,
          detail: lines.join('\n'),
          severity: 'safe' as const,
        }
        return [{ ...effect, data: { view, schema: now } }]
      })
    }),
}

/** Shown beside PostgreSQL too: it is one definition everywhere. */
export const mongoValidatorConsumer: PlanConsumer = {
  name: 'MongoDB validator',
  effects(context) {
    return changedEntities(context).flatMap((name): PlanEffect[] => {
      const meta = context.model.metas.find((one) => one.name === name)
      if (meta === undefined) return []
      const validator = { $jsonSchema: toJsonSchema(meta, 'mongo') }
      const was = context.before?.entities.find(
        (one) => one.name === meta.name || one.name === meta.options.was,
      )
      const command =
        was === undefined ? { create: meta.table, validator } : { collMod: meta.table, validator }
      const lines = touchedLines(context, name, validator.$jsonSchema)
      if (lines.length === 0) return []
      const summary =
        was === undefined
          ? `a collection "${meta.table}" with a validator`
          : `the validator of "${meta.table}" changes`
      return [{ entity: name, summary, detail: lines.join('\n'), severity: 'safe', data: command }]
    })
  },
}

function changedEntities({ changes }: PlanContext): readonly string[] {
  return [...new Set(changes.map((change) => change.entity))]
}

/** The validator's lines of what the changes touch. Only today's classes can say what theirs is, not the stored model. */
function touchedLines(
  { changes }: PlanContext,
  entity: string,
  schema: Readonly<Record<string, unknown>>,
): readonly string[] {
  const mine = changes.filter((change) => change.entity === entity)
  const names = new Set<string>()
  const gone: string[] = []
  let whole = false
  for (const change of mine) {
    switch (change.kind) {
      case 'addEntity':
      case 'renameEntity':
        whole = true
        break
      case 'dropField':
        gone.push(change.before.name)
        break
      case 'dropRelation':
        if (change.before.kind === 'belongsTo') gone.push(change.before.name)
        break
      case 'renameField':
      case 'renameRelation':
        gone.push(change.before.name)
        names.add(change.after.name)
        break
      case 'addField':
      case 'addRelation':
      case 'changeField':
      case 'changeRelation':
        names.add(change.after.name)
        break
    }
  }
  const properties = schema.properties as Readonly<Record<string, unknown>>
  const shown = Object.entries(properties).filter(([name]) => whole || names.has(name))
  return [
    ...shown.map(([name, one]) => `${name}: ${JSON.stringify(one)}`),
    ...gone.map((name) => `- ${name}`),
  ]
}
