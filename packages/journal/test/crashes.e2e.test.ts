import { type ChildProcess, spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chain, open, serve } from './crash-worker.ts'
import { type Places, stores, until } from './stores.ts'

/** Rounds of `kill -9` in each store; 200 in all by default. */
const rounds = Number(process.env.JOURNAL_KILL_ROUNDS ?? 100)
const program = fileURLToPath(new URL('./crash-worker.ts', import.meta.url))

describe.each(stores)('two processes over $name, killed at random points', ({ places: start }) => {
  let places: Places
  let folder: string
  beforeAll(async () => {
    // One run to its end fills the compile cache, which those that are killed never write.
    await event(spawn(process.execPath, [program]), 'exit')
    places = await start()
    folder = await mkdtemp(join(tmpdir(), 'typestead-crash-'))
  })
  afterAll(async () => {
    await places[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test(`lose nothing acknowledged and double nothing in ${rounds} rounds`, {
    timeout: 600_000,
  }, async () => {
    const place = await places.fresh()
    const file = join(folder, 'ran')
    const journal = await open(place.kind, place.address)
    const serial =
      place.kind === 'sqlite'
        ? 'integer primary key autoincrement'
        : 'bigint generated always as identity primary key'
    await journal.transaction((tx) =>
      tx.run({ text: `create table effect (n ${serial}, what text not null)`, values: [] }),
    )
    const lines: string[] = []
    const complaints: string[] = []
    const prepare = () => prepareWorker([place.kind, place.address, file], lines, complaints)
    const workers = [prepare(), prepare()]
    const spares = [prepare(), prepare()]
    for (const each of workers) each.begin()
    let killedAtWork = 0
    for (let round = 0; round < rounds; round++) {
      const victim = workers.shift() as Worker // two by construction
      // Mostly once it works; sometimes while it opens the journal.
      if (Math.random() < 0.8) await until(() => victim.works() || victim.child.exitCode !== null)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
      expect(victim.child.exitCode, complaints.join('')).toBeNull()
      if (victim.works()) killedAtWork++
      await victim.kill()
      const next = spares.shift() as Worker // two by construction
      next.begin()
      workers.push(next)
      spares.push(prepare())
    }
    await Promise.all([...workers, ...spares].map((each) => each.kill()))
    expect(killedAtWork).toBeGreaterThan(rounds / 2)
    serve(journal, 50)
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return (await journal.inspect.queues()).length === 0
    })
    expect(await journal.inspect.deadLetters()).toEqual([])
    const effects = await journal.transaction((tx) =>
      tx.run({ text: 'select what from effect order by n', values: [] }),
    )
    const done = effects.map(([what]) => String(what))
    const counts = new Map<string, number>()
    for (const what of done) counts.set(what, (counts.get(what) ?? 0) + 1)

    const acknowledged = (kind: string) =>
      lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1))
    const [messages, jobs, keys] = [
      acknowledged('message'),
      acknowledged('job'),
      acknowledged('once'),
    ]
    expect(messages.length).toBeGreaterThan(rounds)
    expect(messages.filter((id) => !counts.has(id))).toEqual([])
    const lostJobs = []
    for (const id of jobs) {
      const state = await journal.job(chain(journal), `job ${id}`).state()
      if (state.type !== 'done') lostJobs.push(id)
    }
    expect(lostJobs).toEqual([])
    expect(
      jobs
        .flatMap((id) => ['a', 'b', 'c'].map((step) => `job ${id} ${step}`))
        .filter((what) => !counts.has(what)),
    ).toEqual([])
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([])

    const lastOf = new Map<string, string>()
    const outOfOrder = done.filter((what) => {
      if (what.startsWith('job')) return false
      const [key = '', n = ''] = what.split(' ')
      const last = lastOf.get(key) ?? ''
      lastOf.set(key, n)
      return n < last
    })
    expect(outOfOrder).toEqual([])

    const ran = existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n') : []
    expect(ran.length).toBe(new Set(ran).size)
    expect(keys.filter((key) => !ran.includes(key))).toEqual([])
    await journal.close()
    console.log(
      `${place.kind}: ${rounds} kills, ${killedAtWork} at work, ${messages.length} messages, ${jobs.length} jobs, ${new Set(keys).size} keys; complaints: ${new Set(complaints).size}`,
    )
    for (const one of [...new Set(complaints)].slice(0, 5)) console.log(one)
  })
})

/** A process that has loaded its code and waits for `begin`; each line that it prints goes to `lines`. */
interface Worker {
  readonly child: ChildProcess
  begin(): void
  /** Whether anything was acknowledged to it. */
  works(): boolean
  kill(): Promise<void>
}

function prepareWorker(args: readonly string[], lines: string[], complaints: string[]): Worker {
  const child = spawn(process.execPath, [program, ...args])
  const ended = event(child, 'exit')
  let works = false
  let rest = ''
  child.stdout.on('data', (data: Buffer) => {
    const parts = (rest + data).split('\n')
    rest = parts.pop() ?? ''
    works ||= parts.length > 0
    lines.push(...parts)
  })
  child.stderr.on('data', (data: Buffer) => complaints.push(String(data)))
  return {
    child,
    begin: () => void child.stdin.write('begin\n'),
    works: () => works,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
