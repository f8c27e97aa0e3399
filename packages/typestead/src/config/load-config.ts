/** Finds and loads an app: its config, its folder, and where its data lies. Node strips the config's types by itself. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TypesteadError } from '../typestead-error.ts'
import { checkConfig } from './check-config.ts'
import { dataFolder } from './data-folder.ts'
import type { AppConfig } from './define-config.ts'

const names = ['typestead.config.ts', 'typestead.config.js', 'typestead.config.mjs'] as const

export interface LoadedApp {
  readonly name: string
  readonly folder: string
  readonly data: string
  readonly config: AppConfig
}

/**
 * @param folder the app's folder; without it, the nearest one upwards with a config
 * @throws {TypesteadError} `CONFIG_MISSING`, `CONFIG_INVALID`
 */
export async function loadApp(folder: string | undefined): Promise<LoadedApp> {
  const file = findConfig(folder)
  const config = checkConfig(relative(process.cwd(), file) || file, await importDefault(file))
  const root = dirname(file)
  return { name: config.name ?? packageName(root), folder: root, data: dataFolder(root), config }
}

/** @throws {TypesteadError} `CONFIG_MISSING` */
export function findConfig(folder: string | undefined): string {
  if (folder !== undefined) {
    const found = configIn(resolve(folder))
    if (found !== undefined) return found
    throw new TypesteadError(
      'CONFIG_MISSING',
      `${resolve(folder)} has no ${names[0]}; name another folder with --app, or make an app with "typestead new <dir>"`,
    )
  }
  for (let at = process.cwd(); ; at = dirname(at)) {
    const found = configIn(at)
    if (found !== undefined) return found
    if (at !== dirname(at)) continue
    throw new TypesteadError(
      'CONFIG_MISSING',
      `there is no ${names[0]} in ${process.cwd()} or above it; name the app's folder with --app, or make an app with "typestead new <dir>"`,
    )
  }
}

function configIn(folder: string): string | undefined {
  return names
    .map((name) => join(folder, name))
    .find((file) => existsSync(file) && statSync(file).isFile())
}

async function importDefault(file: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(file).href)
    return (module as { default?: unknown }).default
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypesteadError(
      'CONFIG_INVALID',
      `${file} cannot be loaded: ${reason}${placeOf(cause)}`,
      {
        cause,
      },
    )
  }
}

/** The file and line of the app that threw, which the message of an error does not have. */
function placeOf(cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  const place = stack.match(/(?:file:\/\/)?\/[^\s()]+\.[cm]?[jt]s:\d+/)?.[0]
  return place === undefined ? '' : `\n  at ${place.replace('file://', '')}`
}

function packageName(folder: string): string {
  const file = join(folder, 'package.json')
  if (existsSync(file)) {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const name = (manifest as { name?: unknown }).name
    if (typeof name === 'string' && name !== '') return name
  }
  return basename(folder)
}
