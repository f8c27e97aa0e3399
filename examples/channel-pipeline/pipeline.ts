/**
 * files -> parse (two workers) -> aggregate. Channels between the stages are small, so a slow stage slows those before
 * it; progress is printed as it comes; `--cancel N` ends everything after N files, wherever each stage is.
 *
 * node pipeline.ts [folder] [--cancel N]; without a folder it makes 200 files of its own and removes them.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  background,
  type Context,
  callWorker,
  ErrGroup,
  makeSharedChan,
  recv,
  run,
  select,
  send,
  startThreads,
  withCancel,
  workerModule,
} from '@typestead/channels'
import type * as Stages from './stages.ts'

const stages = workerModule<typeof Stages>(new URL('./stages.ts', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cancel: { type: 'string' } },
})
const given = positionals[0]
const folder = given ?? (await makeFiles(200))
try {
  await run(() => pipeline(folder, Number(values.cancel ?? Number.POSITIVE_INFINITY)))
} finally {
  if (given === undefined) await rm(folder, { recursive: true })
}

async function pipeline(from: string, cancelAfter: number): Promise<void> {
  startThreads({ threads: 2 })
  const [context, cancel] = withCancel(background())
  const files = makeSharedChan<string>({ capacity: 8, name: 'files' })
  const parsed = makeSharedChan<Stages.Parsed>({ capacity: 4, slotBytes: 1024, name: 'parsed' })
  // A context belongs to one thread; closing a channel is how all threads learn that it has ended.
  const quit = makeSharedChan<undefined>({ name: 'quit' })
  context.onEnd(() => quit.close())

  const names = (await readdir(from)).sort()
  const work = new ErrGroup()
  await work.go(() => list(context, from, names, files))
  await work.go(async () => {
    const parsers = new ErrGroup()
    for (let i = 1; i <= 2; i++) {
      await parsers.go(async () => {
        const count = await callWorker(stages, 'parse', files, parsed, quit)
        console.log(`parser ${i}: ${count > 0 ? 'worked' : 'found nothing to do'}`)
      })
    }
    await parsers.wait()
    parsed.close()
  })

  const totals = new Map<string, number>()
  let done = 0
  let deepest = 0
  for await (const one of parsed) {
    deepest = Math.max(deepest, files.length)
    for (const [name, amount] of Object.entries(one.totals)) {
      totals.set(name, (totals.get(name) ?? 0) + amount)
    }
    done++
    if (done % 50 === 0) console.log(`progress: ${done} of ${names.length} files`)
    if (done === cancelAfter) cancel()
  }
  await work.wait()
  cancel()
  console.log(
    `${context.err !== null && done < names.length ? 'cancelled after' : 'done:'} ${done} files`,
  )
  console.log(`never more than ${files.capacity} names waited: ${deepest <= files.capacity}`)
  for (const [name, amount] of [...totals].sort()) console.log(`${name} ${amount}`)
}

/** Hands out names as fast as they are taken, until the context ends. */
async function list(
  context: Context,
  from: string,
  names: readonly string[],
  files: ReturnType<typeof makeSharedChan<string>>,
): Promise<void> {
  for (const name of names) {
    const { index } = await select(send(files, join(from, name)), recv(context.done()))
    if (index === 1) break
  }
  files.close()
}

async function makeFiles(count: number): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'pipeline-'))
  for (let i = 0; i < count; i++) {
    const lines = Array.from(
      { length: 100 },
      (_, line) => `${['apples', 'pears', 'plums'][line % 3]} ${i + line}`,
    )
    await writeFile(join(made, `${String(i).padStart(4, '0')}.txt`), lines.join('\n'))
  }
  return made
}
