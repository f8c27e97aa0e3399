/** `typestead graphql schema|serve`: the API of an app, or of a file that exports entities, alone. */
import { basename, dirname, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineModel, type EntityLike, type Model } from '@typestead/entity'
import { dataFolder } from '../config/data-folder.ts'
import type { AppConfig } from '../config/define-config.ts'
import { readEnvironment } from '../config/environment.ts'
import { loadGraphql } from '../config/installed.ts'
import { type LoadedApp, loadApp } from '../config/load-config.ts'
import { disconnected } from '../data/disconnected.ts'
import { TypesteadError } from '../typestead-error.ts'
import { apiOf } from './api-of.ts'
import { runApp } from './run-app.ts'

interface AppOption {
  readonly app?: string
}

/** @throws {TypesteadError} `NOT_CONFIGURED`, `CONFIG_MISSING`, `CONFIG_INVALID` */
export async function printSchema(
  file: string | undefined,
  options: AppOption & { readonly json?: boolean },
): Promise<void> {
  const app = await appOrFile(file, options)
  const api = await apiOf(app, await disconnected(app))
  if (api === undefined) throw noApi(app)
  const sdl = api.sdl.trimEnd()
  process.stdout.write(`${options.json ? JSON.stringify({ schema: sdl }) : sdl}\n`)
}

/** The exit code, once it has stopped. */
export async function serveApi(file: string | undefined, options: AppOption): Promise<number> {
  const app = await appOrFile(file, options)
  if (app.config.api === undefined) throw noApi(app)
  // What the app answers beside its API is not served here.
  const { routes, pages, ...config } = app.config
  return runApp({
    app: { ...app, config },
    environment: readEnvironment(),
    production: false,
    mode: 'start',
    workbench: false,
  })
}

function appOrFile(file: string | undefined, { app }: AppOption): Promise<LoadedApp> {
  return file === undefined ? loadApp(app) : entitiesIn(file)
}

async function entitiesIn(name: string): Promise<LoadedApp> {
  const file = resolve(name)
  const folder = dirname(file)
  const model = modelOf(name, await importModule(file))
  const config: AppConfig = {
    model,
    api: async (db) => {
      const { graphql } = await loadGraphql(folder)
      return graphql(db, { expose: model.metas.map(({ entity }) => entity) })
    },
  }
  return { name: basename(file, extname(file)), folder, data: dataFolder(folder), config }
}

async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypesteadError('CONFIG_INVALID', `${file} cannot be loaded: ${reason}`, { cause })
  }
}

/** The model that a module exports, else that of all entity classes that it exports. */
function modelOf(file: string, module: Readonly<Record<string, unknown>>): Model {
  const exported = Object.values(module)
  const model = exported.find(isModel)
  if (model !== undefined) return model
  const entities = exported.filter(isEntity)
  if (entities.length === 0) {
    throw new TypesteadError(
      'CONFIG_INVALID',
      `${file} exports neither a model (defineModel({ … })) nor a class that extends Entity(…)`,
    )
  }
  return defineModel(Object.fromEntries(entities.map((entity) => [entity.entityName, entity])))
}

function isModel(value: unknown): value is Model {
  return typeof value === 'object' && value !== null && 'metas' in value && 'entities' in value
}

function isEntity(value: unknown): value is EntityLike {
  return typeof value === 'function' && 'entityName' in value && 'fields' in value
}

function noApi({ name }: LoadedApp): TypesteadError {
  return new TypesteadError(
    'NOT_CONFIGURED',
    `${name} has no API; add api: (db, app) => graphql(db, { … }) to its config`,
  )
}
