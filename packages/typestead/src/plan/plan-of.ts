/** The plan of an app against what its database holds, or against another model. */
import { describe, diff, type ModelDescriptor } from '@typestead/entity'
import type { Database, MigrationPlan } from '@typestead/store'
import { loadStore } from '../config/installed.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { apiOf } from '../server/api-of.ts'
import { quietApp } from '../server/quiet-app.ts'
import { type RecordedApi, recordedApi } from '../server/recorded-api.ts'
import { buildPlan, type Plan } from './build-plan.ts'
import type { PlanConsumer } from './consumer.ts'
import { registeredConsumers } from './consumers-of.ts'
import { graphqlConsumer } from './graphql-consumer.ts'
import { jsonSchemaConsumer, mongoValidatorConsumer } from './schema-consumers.ts'
import { slotTypeConsumer } from './slot-type-consumer.ts'
import { storeConsumer } from './store-consumer.ts'

export interface PlanOptions {
  readonly app: LoadedApp
  readonly db: Database
  readonly migration: MigrationPlan
  /** The API as it would be served, where it is known already. */
  readonly sdl?: string | undefined
  /** The API that clients know; by default the one served last from the data folder. */
  readonly servedSdl?: string | undefined
}

export async function planOf(options: PlanOptions): Promise<Plan> {
  const { db, migration, app } = options
  const api = await comparedApi(options)
  const consumers = [storeConsumer(db.kind, migration), ...(await otherConsumers(app, db, api))]
  // On MongoDB its own steps have the validators already.
  const shown =
    db.kind === 'mongo' ? consumers.filter((one) => one !== mongoValidatorConsumer) : consumers
  const { before, after, changes, notes } = migration
  const context = { before, after, changes, model: app.config.model }
  return buildPlan(context, shown, [...notes, ...apiNotes(api, changes.length > 0)])
}

interface ComparedApi {
  /** As it would be served; undefined for an app without an API. */
  readonly now: string | undefined
  /** That clients know; what is recorded of it may be a problem instead. */
  readonly served: RecordedApi
}

async function comparedApi({ app, db, sdl, servedSdl }: ComparedWith): Promise<ComparedApi> {
  const now = sdl ?? (await apiOf(app, db))?.sdl
  if (servedSdl !== undefined) return { now, served: { sdl: servedSdl } }
  return { now, served: now === undefined ? {} : await recordedApi(app, now) }
}

/** What clients know is kept by the start that serves it; before the first one there is nothing to compare with. */
function apiNotes({ now, served }: ComparedApi, changes: boolean): string[] {
  if (served.problem !== undefined) return [served.problem]
  if (!changes || served.sdl !== undefined || now === undefined) return []
  return [
    'no API was served from this data folder yet, so its changes are not shown; name the schema that clients know with --schema',
  ]
}

type ComparedWith = Omit<PlanOptions, 'migration'>

export interface ComparedOptions extends ComparedWith {
  readonly from: ModelDescriptor
}

/** Without a database: from one model to that of the classes. */
export async function planFrom(options: ComparedOptions): Promise<Plan> {
  const { app, db, from } = options
  const api = await comparedApi(options)
  const { model } = app.config
  const after = describe(model)
  const context = { before: from, after, changes: diff(from, after), model }
  const { postgresSteps } = await loadStore(app.folder)
  const migration = { before: from, after, steps: postgresSteps(from, after) }
  const consumers = [storeConsumer('postgres', migration), ...(await otherConsumers(app, db, api))]
  return buildPlan(context, consumers, [
    'no database was asked: the statements are those of PostgreSQL for the model in the file',
    ...apiNotes(api, context.changes.length > 0),
  ])
}

async function otherConsumers(
  app: LoadedApp,
  db: Database,
  { now, served }: ComparedApi,
): Promise<readonly PlanConsumer[]> {
  const { folder, config } = app
  return [
    mongoValidatorConsumer,
    ...(now === undefined ? [] : [graphqlConsumer(folder, served.sdl, now)]),
    jsonSchemaConsumer,
    slotTypeConsumer(config, async () => (await config.bots?.define(quietApp(app, db))) ?? []),
    ...(await registeredConsumers(folder)),
    ...(config.plan ?? []),
  ]
}
