/**
 * Two processes that serve and are killed, and spares that are loaded and wait, so that rounds of kills are short. A process that
 * ends unless it is killed is a failure.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { WorkerOptions } from './worker.ts'

const spares = 2

/** Milliseconds after which a dead process's work is taken over. */
export const processTtl = 900

export interface Bundle extends AsyncDisposable {
  readonly file: string
  readonly folder: string
}

/** The worker and all that it imports in one file: half of a short life would be spent on loading some hundreds. */
export async function bundleWorker(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bot-kills-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      outDir: folder,
      minify: false,
      target: 'node24',
      rolldownOptions: {
        output: { entryFileNames: 'worker.mjs', codeSplitting: false },
        external: ['pg-native'],
      },
    },
    ssr: { noExternal: true },
  })
  return {
    file: join(folder, 'worker.mjs'),
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

interface Worker {
  readonly child: ChildProcess
  /** Its address; rejects when it ends before it serves. */
  readonly ready: Promise<string>
}

export class Processes implements AsyncDisposable {
  /** Addresses of those that serve at this moment. */
  readonly urls: (string | undefined)[] = [undefined, undefined]
  /** What processes complained of. */
  readonly complaints: string[] = []
  readonly #bundle: Bundle
  readonly #options: WorkerOptions
  readonly #serving: Worker[] = []
  readonly #spares: Worker[] = []
  readonly #killed = new Set<ChildProcess>()
  #fallen: string | undefined

  constructor(bundle: Bundle, options: WorkerOptions) {
    this.#bundle = bundle
    this.#options = options
    for (let n = 0; n < spares; n++) this.#spares.push(this.#spawn())
    this.#begin(0)
    this.#begin(1)
  }

  /** @throws when a process has ended by itself */
  check(): void {
    if (this.#fallen !== undefined) throw new Error(this.#fallen)
  }

  /** Resolves once the process of this place serves. */
  ready(place: number): Promise<string> {
    return (this.#serving[place] as Worker).ready
  }

  /** Of those that serve now. */
  get pids(): number[] {
    return this.#serving.map(({ child }) => child.pid ?? 0)
  }

  /** `kill -9`, and a spare takes its place after `pause` milliseconds. @returns the dead process's number */
  async kill(place: number, pause = 0): Promise<number> {
    this.check()
    const { child } = this.#serving[place] as Worker
    const gone = once(child, 'exit')
    this.urls[place] = undefined
    this.#killed.add(child)
    child.kill('SIGKILL')
    await gone
    await sleep(pause)
    this.#begin(place)
    return child.pid ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#serving, ...this.#spares].map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const gone = once(child, 'exit')
        this.#killed.add(child)
        child.kill('SIGKILL')
        await gone
      }),
    )
  }

  #begin(place: number): void {
    const worker = this.#spares.shift() as Worker
    this.#serving[place] = worker
    this.#spares.push(this.#spawn())
    worker.child.stdin?.write(`${JSON.stringify(this.#options)}\n`)
    worker.ready.then(
      (url) => {
        if (this.#serving[place] === worker && !this.#killed.has(worker.child)) {
          this.urls[place] = url
        }
      },
      // It was killed before, or `check` tells.
      () => {},
    )
  }

  #spawn(): Worker {
    const child = spawn(process.execPath, [this.#bundle.file], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(this.#bundle.folder, 'cache') },
    })
    const ready = Promise.withResolvers<string>()
    ready.promise.catch(() => {})
    let rest = ''
    child.stdout.on('data', (data: Buffer) => {
      const lines = (rest + data).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('ready ')) ready.resolve(line.slice(6))
    })
    const said: string[] = []
    child.stderr.on('data', (data: Buffer) => {
      said.push(String(data))
      this.complaints.push(String(data))
    })
    child.stdin.on('error', () => {})
    child.on('exit', (code) => {
      const error = new Error(`a process ended by itself (${code}): ${said.join('')}`)
      ready.reject(error)
      if (!this.#killed.has(child)) this.#fallen ??= error.message
    })
    return { child, ready: ready.promise }
  }
}
