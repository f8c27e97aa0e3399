/**
 * A process that does all the journal offers, until it is killed. It prints what was acknowledged to it, a line each.
 * Arguments: the store's kind, its address, a file to which work outside any transaction is appended. It opens nothing
 * before it is told to by its input, so that it may stand ready; without arguments it ends at once.
 */
import { once } from 'node:events'
import { appendFileSync, writeSync } from 'node:fs'
import { defineJob, type Journal, openJournal, type SqlRunner, sqlite } from '../src/index.ts'
import { postgres } from '../src/postgres.ts'

export const chain = (journal: Journal) =>
  defineJob({
    name: 'chain',
    retry: { attempts: 1_000, first: 5, longest: 50 },
    async run(run, _input: null) {
      for (const name of ['a', 'b', 'c']) {
        await journal.transaction((tx) =>
          run.step(name, () => effect(tx, `${run.id} ${name}`), { in: tx }),
        )
      }
      return 'ok'
    },
  })

export async function effect(tx: SqlRunner, what: string): Promise<null> {
  await tx.run({ text: 'insert into effect (what) values ($1)', values: [what] })
  return null
}

/** Delivers messages and runs jobs: each has its effect once, in the transaction that says so. */
export function serve(journal: Journal, concurrency: number): void {
  journal.deliver(
    'm',
    ({ id }) =>
      journal.transaction((tx) => journal.once(`deliver ${id}`, () => effect(tx, id), { in: tx })),
    { concurrency, retry: { attempts: 1_000, first: 5, longest: 50 }, maxLost: 1_000 },
  )
  journal.work(chain(journal), { concurrency, maxLost: 1_000 })
}

export function open(kind: string, address: string): Promise<Journal> {
  return openJournal(kind === 'sqlite' ? sqlite(address) : postgres(address), {
    processTtl: 500,
    poll: 200,
    onError: (error) => writeSync(2, `${error}\n`),
  })
}

async function main(kind: string, address: string, file: string): Promise<void> {
  const journal = await open(kind, address)
  serve(journal, 5)
  const me = `${process.pid}-${Date.now()}`
  const acknowledge = (line: string) => writeSync(1, `${line}\n`)
  for (let n = 0; ; n++) {
    const id = `${me} ${String(n).padStart(5, '0')}`
    const sent = [0, 1, 2].map(async (m) => {
      await journal.send('m', m, { id: `${id}.${m}`, key: me })
      acknowledge(`message ${id}.${m}`)
    })
    const started = journal
      .start(chain(journal), null, { id: `job ${id}` })
      .then(() => acknowledge(`job ${id}`))
    // Both processes ask for the same keys; whichever comes first runs the work.
    const key = `k${Math.floor(Date.now() / 40)}`
    const ran = journal
      .once(key, () => appendFileSync(file, `${key}\n`) ?? null, { ifInterrupted: 'refuse' })
      .then(
        () => acknowledge(`once ${key}`),
        (error: { code?: string }) => {
          if (error.code !== 'INTERRUPTED') throw error
        },
      )
    await Promise.all([...sent, started, ran])
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

if (import.meta.main) {
  const [kind, address = '', file = ''] = process.argv.slice(2)
  if (kind !== undefined) {
    await once(process.stdin, 'data')
    await main(kind, address, file)
  }
}
