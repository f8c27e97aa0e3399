import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask } from './ask.ts'
import { startLoad } from './load.ts'
import { killStartAt, type Shop, startShop } from './shop.ts'

let data: string
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'bookstore-'))
})
afterEach(() => rm(data, { recursive: true, force: true, maxRetries: 5 }))

describe('PostgreSQL killed under load', () => {
  it('means 503 for a while, and then everything again, from the same process', async () => {
    await using shop = await startShop({ data })
    const load = await startLoad(shop)
    for (let round = 0; round < 2; round++) {
      await until(() => (load.statuses.get(200) ?? 0) > 50 * (round + 1))
      process.kill(postmaster(), 'SIGKILL')
      await until(async () => (await fetch(`${shop.url}/readyz`)).status === 503)
      expect((await fetch(`${shop.url}/healthz`)).status).toBe(200)
      await until(async () => (await fetch(`${shop.url}/readyz`)).status === 200)
    }
    const before = load.statuses.get(200) ?? 0
    await until(() => (load.statuses.get(200) ?? 0) > before + 50)
    await load.stop()
    process.kill(shop.pid, 0)
    expect(load.surprises).toEqual([])
    expect([...load.statuses.keys()].sort()).toEqual([200, 503])
    expect(await missing(shop, load.acknowledged)).toEqual([])
  })
})

describe('the shop killed by SIGKILL under writes', () => {
  it('keeps every write that it acknowledged', async () => {
    const acknowledged = new Set<string>()
    for (let round = 0; round < 2; round++) {
      const shop = await startShop({ data })
      const load = await startLoad(shop, { writes: true })
      await until(() => load.acknowledged.size > 100)
      await shop.kill()
      await load.stop()
      for (const id of load.acknowledged) acknowledged.add(id)
      expect(load.surprises).toEqual([])
    }
    await using again = await startShop({ data })
    expect(await missing(again, acknowledged)).toEqual([])
  })

  it('and PostgreSQL with it, starts again', async () => {
    const shop = await startShop({ data })
    const load = await startLoad(shop, { writes: true })
    await until(() => load.acknowledged.size > 50)
    const server = postmaster()
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(server)], {
      encoding: 'utf8',
    })
    for (const pid of [server, ...children.trim().split(/\s+/).map(Number)]) kill(pid)
    await shop.kill()
    await load.stop()
    await using again = await startShop({ data })
    expect(await missing(again, load.acknowledged)).toEqual([])
  })

  it('while it seeds for the first time, seeds again at the next start, all of it once', async () => {
    await killStartAt(/seeding [3-8]\d %/, { data })
    await using again = await startShop({ data })
    const counts = await ask(
      again,
      '{ users { totalCount } books { totalCount } reviews { totalCount } posts { totalCount } }',
    )
    expect(counts.data).toEqual({
      users: { totalCount: 2000 },
      books: { totalCount: 3000 },
      reviews: { totalCount: 10_000 },
      posts: { totalCount: 2000 },
    })
  })
})

/** The process of the server, as PostgreSQL itself writes it down. */
function postmaster(): number {
  return Number(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // A child of the server ends by itself when the server is gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function missing(shop: Shop, ids: ReadonlySet<string>): Promise<readonly string[]> {
  const { data } = await ask(shop, '{ blogPosts { id } }')
  const there = new Set(data.blogPosts.map(({ id }: { id: string }) => id))
  return [...ids].filter((id) => !there.has(id))
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 6000; tries++) {
    if (await holds()) return
    await sleep(10)
  }
  throw new Error('it did not come to that within a minute')
}
