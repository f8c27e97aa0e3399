/** The consumers that packages of the app register by `"typestead": { "plan": "./entry" }` in their package.json. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findInstalled } from '../config/installed.ts'
import { TypesteadError } from '../typestead-error.ts'
import type { PlanConsumer } from './consumer.ts'

/** @throws {TypesteadError} `CONFIG_INVALID` when a package registers an entry that has no consumer */
export async function registeredConsumers(folder: string): Promise<readonly PlanConsumer[]> {
  const consumers: PlanConsumer[] = []
  for (const name of dependenciesOf(folder)) {
    const entry = planEntry(name, folder)
    if (entry === undefined) continue
    const specifier = `${name}${entry.slice(1)}`
    const file = findInstalled(specifier, folder)
    const module: unknown = file === undefined ? {} : await import(pathToFileURL(file).href)
    const consumer = (module as { planConsumer?: unknown }).planConsumer
    if (!isConsumer(consumer)) {
      throw new TypesteadError(
        'CONFIG_INVALID',
        `${name} registers "${entry}" with typestead plan, but ${specifier} exports no planConsumer`,
      )
    }
    consumers.push(consumer)
  }
  return consumers
}

function dependenciesOf(folder: string): readonly string[] {
  const manifest = readManifest(join(folder, 'package.json'))
  const dependencies = manifest?.dependencies
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : []
}

function planEntry(name: string, folder: string): string | undefined {
  const manifest = manifestOf(name, folder)
  const registered = manifest?.typestead
  if (typeof registered !== 'object' || registered === null || !('plan' in registered))
    return undefined
  return typeof registered.plan === 'string' ? registered.plan : undefined
}

/** Not through `exports`, which need not name package.json. */
function manifestOf(name: string, folder: string): Record<string, unknown> | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = readManifest(join(at, 'node_modules', name, 'package.json'))
    if (manifest !== undefined || at === dirname(at)) return manifest
  }
}

function readManifest(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined
  // A package.json is an object, or npm would not have installed it.
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
}

function isConsumer(value: unknown): value is PlanConsumer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'effects' in value &&
    typeof value.effects === 'function'
  )
}
