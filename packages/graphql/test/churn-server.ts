/**
 * The chat served in a process of its own, started with --expose-gc: it tells what it holds when it is asked, after
 * collecting what is garbage. Its clients live elsewhere, so that nothing of theirs is counted.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Api } from '../src/index.ts'
import { openPostgres } from './stores.ts'
import { serveStreams } from './stream-clients.ts'
import { chat, chatApi, Message, Room } from './subscriptions.ts'

export interface Held {
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
  readonly subscriptions: number
  /** Sockets, timers and the like that keep the process running, by kind. */
  readonly resources: Readonly<Record<string, number>>
}

const opened = await openPostgres(chat)
const api = chatApi(opened.db)
const server = await serveStreams(api as unknown as Api)
const room = await opened.db.create(Room, { name: 'churn' })

async function held(): Promise<Held> {
  // What ends does so over a few turns of the event loop.
  for (let n = 0; n < 5; n++) {
    globalThis.gc?.()
    await wait(20)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  return { heapUsed, external, rss, subscriptions: api.subscriptions(), resources }
}

process.on('message', async (order: 'measure' | 'count' | 'write') => {
  if (order === 'measure') process.send?.(await held())
  else if (order === 'count') process.send?.(api.subscriptions())
  else {
    await opened.db.create(Message, { text: 'to all', room: room.id })
    process.send?.('written')
  }
})
process.on('disconnect', async () => {
  await server[Symbol.asyncDispose]()
  await opened[Symbol.asyncDispose]()
  process.exit()
})
process.send?.(server.url)
