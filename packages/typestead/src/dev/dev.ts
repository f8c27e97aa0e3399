/**
 * `typestead dev`: runs `start --dev` in a process of its own and begins it again when files of the app change. The
 * ports stay the same, and the embedded server runs on between two runs, because this process holds it too.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { dataFolder, makeDataFolder } from '../config/data-folder.ts'
import { readEnvironment } from '../config/environment.ts'
import { loadEmbedded } from '../config/installed.ts'
import { findConfig } from '../config/load-config.ts'
import { checkWorkbenchHost } from '../server/production.ts'
import { stopSignal } from '../server/stop-signal.ts'
import { readReady } from './ready-message.ts'
import { watchFiles } from './watch-files.ts'

/** A run that does not end by itself in this time is killed: longer than `start` gives its running requests. */
const killAfterMilliseconds = 15_000

/** The exit code, once it was told to stop. */
export async function dev(options: { readonly app?: string }): Promise<number> {
  checkWorkbenchHost(readEnvironment())
  const folder = dirname(findConfig(options.app))
  makeDataFolder(dataFolder(folder))
  using stop = stopSignal()
  await using held = new AsyncDisposableStack()
  const runs = new Runs(folder, held)
  using _watch = watchFiles(folder, (file) => {
    process.stdout.write(`\n${file} changed\n`)
    runs.restart()
  })
  runs.restart()
  try {
    return await stop.stopped
  } finally {
    await runs.end()
  }
}

/** One run after the other, never two at once. */
class Runs {
  readonly #folder: string
  readonly #held: AsyncDisposableStack
  #child: ChildProcess | undefined
  #ports: Readonly<Record<string, string>> = {}
  /** Ends when the embedded server is held, or cannot be; it never rejects. */
  #holding: Promise<void> | undefined
  #ended = false
  /** What is under way: changes that come meanwhile lead to one more run. */
  #turn: Promise<void> = Promise.resolve()
  #waiting = false

  constructor(folder: string, held: AsyncDisposableStack) {
    this.#folder = folder
    this.#held = held
  }

  restart(): void {
    if (this.#waiting) return
    this.#waiting = true
    this.#turn = this.#turn.then(async () => {
      this.#waiting = false
      await this.#stopChild()
      if (!this.#ended) this.#startChild()
    })
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#turn
    await this.#stopChild()
    // Held after the end it would be let go by nobody.
    await this.#holding
  }

  #startChild(): void {
    const [, program = ''] = process.argv
    const args = [...process.execArgv, program, 'start', '--dev', '--app', this.#folder]
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...this.#ports },
      // The terminal's Ctrl-C is for this process, which then ends the run.
      detached: process.platform !== 'win32',
    })
    this.#child = child
    child.on('message', (message) => this.#ready(message))
    child.on('error', (error) => process.stderr.write(`typestead: ${error.message}\n`))
    child.on('exit', () => {
      if (this.#child !== child) return
      this.#child = undefined
      if (!this.#ended) process.stderr.write('waiting for a change of the files\n')
    })
  }

  #ready(message: unknown): void {
    const ready = readReady(message)
    if (ready === undefined) return
    this.#ports = ready.ports
    if (ready.embedded !== undefined && !this.#ended) this.#holding ??= this.#hold(ready.embedded)
  }

  async #hold(data: string): Promise<void> {
    try {
      const { startEmbedded } = await loadEmbedded(this.#folder)
      this.#held.use(await startEmbedded({ data, resolveFrom: this.#folder }))
    } catch (error) {
      // Without the hold each run starts the server again, which is only slower.
      const reason = error instanceof Error ? error.message : String(error)
      process.stderr.write(`typestead: the database stops between runs: ${reason}\n`)
    }
  }

  async #stopChild(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMilliseconds)
    await exited
    clearTimeout(timer)
  }
}
