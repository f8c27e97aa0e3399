/**
 * One thread, beside Go with GOMAXPROCS=1, the channel libraries of JavaScript, and the engine alone: the same program
 * with the least that can stand for a channel (`floors.ts`), which no channel of the await lane can undercut.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Goal, measure, type Side } from '../../../bench/measure.ts'

const own = (args: string): Side => ({ module: new URL('./one-thread.ts', import.meta.url), args })
const engine = (args: string): Side => ({ module: new URL('./floors.ts', import.meta.url), args })
const peer = (name: string, args: string): Side => ({
  module: new URL(`../../../bench/peers/channels/${name}.ts`, import.meta.url),
  args,
})

const goCommand = ['/usr/local/go/bin/go', 'go'].find(
  (path) => spawnSync(path, ['version']).status === 0,
)
const binary = join(mkdtempSync(join(tmpdir(), 'channels-bench-')), 'programs')

const go = (program: string, processors = 1): Side => ({
  command: [binary, program],
  env: { GOMAXPROCS: String(processors) },
  unavailable: () => (goCommand === undefined ? 'go is not installed' : undefined),
  prepare: async () => {
    if (existsSync(binary) || goCommand === undefined) return
    const cwd = fileURLToPath(new URL('./go/', import.meta.url))
    const built = spawnSync(goCommand, ['build', '-o', binary, '.'], { cwd, encoding: 'utf8' })
    if (built.status !== 0) throw new Error(`go build: ${built.stderr}`)
  },
})

type PeerName = 'js-csp' | 'thi.ng' | 'async-channel' | 'medium' | 'effect'
const all: readonly PeerName[] = ['js-csp', 'thi.ng', 'async-channel', 'medium', 'effect']
const modules: Readonly<Record<PeerName, string>> = {
  'js-csp': 'js-csp',
  'thi.ng': 'thi-ng',
  'async-channel': 'async-channel',
  medium: 'medium',
  effect: 'effect',
}

/** Programs that `floors.ts` has too. */
const floors: ReadonlySet<string> = new Set([
  'ping-pong',
  'cap 0',
  'cap 100',
  'cap 100 try',
  'select 2',
  'chain',
  'sieve',
  'sieve generator',
])

const floor = (name: string, program: string) =>
  measure({ name, unit: 'await', rounds: 7, warmUps: 20, sides: { typestead: engine(program) } })

/** A measure of program `name`: our `program`, Go at most `atMost` times as fast, peers at least `atLeast` slower. */
function row(
  name: string,
  program: string,
  goProgram: string,
  atMost: number,
  peers: readonly PeerName[] = [],
  atLeast = 1.15,
) {
  const sides: Record<string, Side> = { typestead: own(program), go: go(goProgram) }
  if (floors.has(program)) sides['engine alone'] = engine(program)
  for (const one of peers) sides[one] = peer(modules[one], goProgram)
  const goals: Goal[] = [{ against: 'go', atMost }]
  if (peers.length > 0) goals.push({ against: peers, atLeast })
  // The sides were just collected by name; ours is among them.
  return measure({
    name,
    unit: 'operation',
    sides: sides as { typestead: Side },
    rounds: 7,
    // The engine optimizes functions that await late: before about fifteen repetitions it is its compiler that is timed.
    warmUps: program.startsWith('sieve') ? 5 : 20,
    goals: goals as never,
  })
}

export const measures = [
  floor('floor: await a settled promise', 'await settled'),
  floor('floor: await a promise made for a value', 'await made'),
  floor('floor: await a promise that somebody else settles', 'await parked'),
  row('ping-pong, await', 'ping-pong', 'ping-pong', 1, all),
  row('ping-pong, generator', 'ping-pong generator', 'ping-pong', 1, ['js-csp']),
  row('capacity 0, await', 'cap 0', 'cap 0', 1, all, 1),
  row('capacity 0, generator', 'cap 0 generator', 'cap 0', 1, ['js-csp']),
  row('capacity 100, await', 'cap 100', 'cap 100', 2.1, all),
  row('capacity 100, try then await', 'cap 100 try', 'cap 100', 0.3),
  row('capacity 100, generator', 'cap 100 generator', 'cap 100', 1, ['js-csp']),
  row('select over 2', 'select 2', 'select 2', 0.75, ['medium', 'js-csp', 'thi.ng'], 1.8),
  row('select over 4', 'select 4', 'select 4', 0.55, ['medium', 'js-csp'], 1.8),
  row('select over 8', 'select 8', 'select 8', 0.35, ['medium', 'js-csp'], 1.8),
  row('daisy chain, a link', 'chain', 'chain', 0.2),
  row('spawn and join', 'spawn and join', 'spawn and join', 0.5),
  row('sieve of 1000 primes, generator', 'sieve generator', 'sieve', 0.6),
  row('sieve of 1000 primes, await', 'sieve', 'sieve', 1.7),
  measure({
    name: 'capacity 100 on two processors: two workers, GOMAXPROCS=2',
    unit: 'operation',
    rounds: 7,
    sides: {
      typestead: { module: new URL('./two-processors.ts', import.meta.url) },
      go: go('cap 100', 2),
    },
  }),
]
