/** A bot service for the command line: a journal in an SQLite file, hooks in this process or in workers, understanding by trained models beside it. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sqlite } from '@typestead/journal'
import type { Registry } from 'prom-client'
import { hookRegistry } from '../hooks/hook-registry.ts'
import { openBots } from '../service/open-bots.ts'
import type { BotService } from '../service/service-contract.ts'
import { nluUnderstanding } from '../understanding/nlu-understanding.ts'

/** In the folder that keeps bots and conversations. */
export const databaseFile = 'bots.db'

export interface OpenedService extends AsyncDisposable {
  readonly service: BotService
}

export interface ServicePlace {
  /** The folder that keeps bots and conversations; a temporary one, removed at the end, by default. */
  readonly data?: string | undefined
  /** Where hooks that are files lie. */
  readonly root: string
  readonly warn: (text: string) => void
  /** Where hooks that are files run, by default in this process: a command is one conversation. */
  readonly isolation?: 'worker' | 'process'
  readonly metrics?: Registry
}

export async function openService({
  data,
  root,
  warn,
  isolation = 'process',
  metrics,
}: ServicePlace): Promise<OpenedService> {
  const folder =
    data === undefined ? await mkdtemp(join(tmpdir(), 'typestead-bot-')) : resolve(data)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const hooks = hookRegistry({
    root,
    isolation,
    onWarning: (hook, message) => warn(`${hook}: ${message}`),
  })
  const service = await openBots({
    journal: sqlite(join(folder, databaseFile)),
    understander: nluUnderstanding({ folder: join(folder, 'models') }),
    hooks,
    ...(metrics ? { metrics } : {}),
    onError: (error) => warn(error instanceof Error ? error.message : String(error)),
  })
  return {
    service,
    async [Symbol.asyncDispose]() {
      await service.close()
      await hooks.close()
      if (data === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
