/**
 * `npm run bench -- <package>... [--only <text>] [--rounds <n>] [--check] [--json]`: runs the measures of
 * packages/<package>/bench/*.bench.ts, of several packages in one run, beside their peers and prints times and ratios; see README.md in this folder.
 * Exit codes: 0; 1 with `--check` when a goal is missed, or when a side failed; 2 for a wrong command line.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { busyReason } from './machine.ts'
import type { Measure, Repetition } from './measure.ts'
import { type Outcome, outcome, type SideRun } from './outcome.ts'
import { installPeers } from './peers.ts'
import { type RunningSide, startSide } from './side-process.ts'
import { table } from './table.ts'

/** Runs all sides of a measure in turn, A B C A B C, and gives what each did. A side that fails is left out from there on. */
export async function runMeasure(
  measure: Measure,
  rounds: number,
): Promise<Readonly<Record<string, SideRun>>> {
  const runs: Record<string, SideRun> = {}
  const repetitions = new Map<string, Repetition[]>()
  const running = new Map<string, RunningSide>()
  await using stack = new AsyncDisposableStack()
  const attempt = async (name: string, step: () => Promise<void>) => {
    try {
      await step()
    } catch (error) {
      running.delete(name)
      runs[name] = {
        state: 'failed',
        reason: error instanceof Error ? error.message : String(error),
      }
    }
  }
  for (const [name, side] of Object.entries(measure.sides)) {
    const reason = side.unavailable?.()
    runs[name] =
      reason === undefined ? { state: 'ran', repetitions: [] } : { state: 'skipped', reason }
    if (reason !== undefined) continue
    await attempt(name, async () => {
      running.set(name, stack.use(await startSide(side, measure.load)))
      repetitions.set(name, [])
    })
  }
  for (let round = -(measure.warmUps ?? 3); round < rounds; round++) {
    for (const [name, side] of running) {
      if (round < 0 && !side.warms) continue
      await attempt(name, async () => {
        const repetition = await side.repeat()
        if (round >= 0) repetitions.get(name)?.push(repetition)
      })
    }
  }
  for (const name of running.keys()) {
    runs[name] = { state: 'ran', repetitions: repetitions.get(name) ?? [] }
  }
  return runs
}

async function readMeasures(folder: string): Promise<readonly Measure[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.bench.ts'))
  const measures: Measure[] = []
  for (const file of files.sort()) {
    const exported: { measures?: unknown } = await import(pathToFileURL(join(folder, file)).href)
    if (!Array.isArray(exported.measures)) {
      throw new TypeError(`${join(folder, file)} exports no array "measures"`)
    }
    measures.push(...exported.measures)
  }
  return measures
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      rounds: { type: 'string' },
    },
  })
  const root = fileURLToPath(new URL('..', import.meta.url))
  const folders = positionals.map((name) => join(root, 'packages', name, 'bench'))
  const missing = folders.find((folder) => !existsSync(folder))
  const asked = values.rounds === undefined ? undefined : Number(values.rounds)
  const wrongRounds = asked !== undefined && !(Number.isInteger(asked) && asked > 0)
  if (folders.length === 0 || missing !== undefined || wrongRounds) {
    process.stderr.write(
      'npm run bench -- <package>... [--only <text>] [--rounds <n>] [--check] [--json]\n' +
        (wrongRounds
          ? '--rounds takes a whole number from 1\n'
          : `${missing ?? 'a package'} is not there\n`),
    )
    return 2
  }
  const say = (line: string) => void process.stderr.write(`bench: ${line}\n`)
  const measures: Measure[] = []
  for (const [at, name] of positionals.entries()) {
    await installPeers(join(root, 'bench', 'peers', name), say)
    measures.push(...(await readMeasures(folders[at] as string)))
  }
  const outcomes: Outcome[] = []
  for (const measure of measures) {
    if (!measure.name.includes(values.only)) continue
    const busy = await busyReason()
    if (busy !== undefined)
      say(`${measure.name}: ${values.check ? 'skipped' : 'doubtful'}: ${busy}`)
    if (busy !== undefined && values.check) continue
    const wanted = asked ?? measure.rounds ?? 15
    const runs = await runMeasure(measure, values.check ? Math.max(5, wanted) : wanted)
    const found = outcome(measure, runs)
    outcomes.push(found)
    if (!values.json) process.stdout.write(`${table(found)}\n`)
  }
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ package: positionals.join(' '), outcomes }, undefined, 2)}\n`,
    )
  return outcomes.some((found) => isBad(found, values.check)) ? 1 : 0
}

function isBad({ sides, goals }: Outcome, check: boolean): boolean {
  const failed = Object.values(sides).some((side) => 'absent' in side && side.failed)
  return failed || (check && goals.some(({ state }) => state === 'missed'))
}

if (import.meta.main) process.exitCode = await main()
