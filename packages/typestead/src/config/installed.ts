/**
 * Packages of the app, found from its folder and loaded only when they are needed. This package imports none of them
 * itself: an app gets what it installed, and the same copy that its own files import.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TypesteadError } from '../typestead-error.ts'

type Store = typeof import('@typestead/store')
type Embedded = typeof import('@typestead/store/embedded')
type Graphql = typeof import('@typestead/graphql')
type Nlu = typeof import('@typestead/nlu')
type NluCommands = typeof import('@typestead/nlu/commands')
type StoreSql = typeof import('@typestead/store/sql')
type JournalPackage = typeof import('@typestead/journal')
type PostgresJournal = typeof import('@typestead/journal/postgres')
type Bot = typeof import('@typestead/bot')
type BotCommands = typeof import('@typestead/bot/commands')

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadStore(folder: string): Promise<Store> {
  return loadInstalled('@typestead/store', folder) as Promise<Store>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadEmbedded(folder: string): Promise<Embedded> {
  return loadInstalled('@typestead/store/embedded', folder) as Promise<Embedded>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadGraphql(folder: string): Promise<Graphql> {
  return loadInstalled('@typestead/graphql', folder) as Promise<Graphql>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadNlu(folder: string): Promise<Nlu> {
  return loadInstalled('@typestead/nlu', folder) as Promise<Nlu>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadNluCommands(folder: string): Promise<NluCommands> {
  return loadInstalled('@typestead/nlu/commands', folder) as Promise<NluCommands>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadStoreSql(folder: string): Promise<StoreSql> {
  return loadInstalled('@typestead/store/sql', folder) as Promise<StoreSql>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadJournal(folder: string): Promise<JournalPackage> {
  return loadInstalled('@typestead/journal', folder) as Promise<JournalPackage>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadPostgresJournal(folder: string): Promise<PostgresJournal> {
  return loadInstalled('@typestead/journal/postgres', folder) as Promise<PostgresJournal>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadBot(folder: string): Promise<Bot> {
  return loadInstalled('@typestead/bot', folder) as Promise<Bot>
}

/** @throws {TypesteadError} `PACKAGE_MISSING` */
export function loadBotCommands(folder: string): Promise<BotCommands> {
  return loadInstalled('@typestead/bot/commands', folder) as Promise<BotCommands>
}

/** The file of a package, from the app, else from where the command line is installed. */
export function findInstalled(specifier: string, folder: string): string | undefined {
  for (const from of [join(folder, 'package.json'), import.meta.filename]) {
    try {
      return createRequire(from).resolve(specifier)
    } catch {
      // Not there; the caller says what to install.
    }
  }
  return undefined
}

async function loadInstalled(specifier: string, folder: string): Promise<unknown> {
  const file = findInstalled(specifier, folder)
  if (file !== undefined) return import(pathToFileURL(file).href)
  const name = specifier.split('/').slice(0, 2).join('/')
  throw new TypesteadError(
    'PACKAGE_MISSING',
    `${name} is not installed in ${folder}; run "npm install ${name}" there`,
  )
}
