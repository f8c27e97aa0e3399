/** Readers who ask and write without pause until they are told to stop, and what they were answered. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './ask.ts'
import type { Shop } from './shop.ts'

export interface Load {
  /** How often each status came; 0 stands for a connection that broke. */
  readonly statuses: ReadonlyMap<number, number>
  /** Ids of the posts whose creation was answered with success. */
  readonly acknowledged: ReadonlySet<string>
  /** Answers that were neither a success nor said to be a failure that goes by. */
  readonly surprises: readonly string[]
  stop(): Promise<void>
}

/** @param writes whether each request creates a post; else one in five does */
export async function startLoad(
  shop: Shop,
  { readers = 8, writes = false }: { readonly readers?: number; readonly writes?: boolean } = {},
): Promise<Load> {
  const user = '{ accountsUser(email: "reader@bookstore.example") { id } }'
  const { id } = (await ask(shop, user)).data.accountsUser
  const statuses = new Map<number, number>()
  const acknowledged = new Set<string>()
  const surprises: string[] = []
  let stopped = false
  const read = '{ books(first: 5) { nodes { title author { name } } } }'
  const write =
    'mutation ($user: ID!, $title: String!) { createPost(title: $title, body: "x", accountsUserId: $user) { id } }'

  const one = async (reader: number) => {
    for (let turn = 0; !stopped; turn++) {
      const writing = writes || turn % 5 === 0
      const variables = writing ? { user: id, title: `load ${reader} ${turn}` } : {}
      const answer = await ask(shop, writing ? write : read, variables).catch(() => undefined)
      const status = answer?.status ?? 0
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 200 && answer?.errors === undefined) {
        if (writing) acknowledged.add(answer?.data.createPost.id)
      } else {
        const passing = answer?.errors?.every(({ extensions }) => extensions.code === 'UNAVAILABLE')
        if (answer !== undefined && !(status === 503 && passing)) surprises.push(answer.text)
        // Not a loop that spins on a server that is down.
        await sleep(10)
      }
    }
  }
  const readersAtWork = Promise.all(Array.from({ length: readers }, (_, reader) => one(reader)))
  return {
    statuses,
    acknowledged,
    surprises,
    async stop() {
      stopped = true
      await readersAtWork
    },
  }
}
