/**
 * What `typestead plan` says of the app's files as they are now, computed anew when they change. The classes of this
 * process are those it started with, so changed files are read by a process of their own. It watches only while
 * somebody looks.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Plan, type Refusal, refusals } from '../plan/build-plan.ts'
import { changedSince, watchSources } from './watch-sources.ts'

export type PlanState =
  | { readonly status: 'computing'; readonly file?: string }
  | {
      readonly status: 'ready'
      readonly plan: Plan
      readonly refused: readonly Refusal[]
      /** The file whose change led to this; absent for the classes that run. */
      readonly file?: string
      readonly at: string
    }
  | {
      readonly status: 'failed'
      readonly message: string
      readonly file?: string
      readonly at: string
    }

export interface LivePlanOptions {
  readonly folder: string
  /** The plan of the classes that run. */
  readonly plan: () => Promise<Plan>
  readonly onState: (state: PlanState) => void
  /** Whether files are watched at all. */
  readonly watches: boolean
}

const program = fileURLToPath(new URL('../../bin/typestead.js', import.meta.url))

export class LivePlan implements Disposable {
  readonly #options: LivePlanOptions
  readonly #stop = new AbortController()
  #watch: Disposable | undefined
  #state: PlanState | undefined
  #computing: Promise<void> | undefined
  #changed: string | undefined

  constructor(options: LivePlanOptions) {
    this.#options = options
  }

  get state(): PlanState {
    return this.#state ?? { status: 'computing' }
  }

  /** Begins to watch, and computes the first plan; to be called as often as one likes. */
  begin(): void {
    if (this.#stop.signal.aborted) return
    const { watches, folder } = this.#options
    if (watches) this.#watch ??= watchSources(folder, (file) => this.#change(file))
    if (this.#state === undefined) {
      this.#enter({ status: 'computing' })
      // Nobody watched until now.
      this.#changed = watches ? changedSince(folder, performance.timeOrigin) : undefined
      const isChanged = this.#changed !== undefined
      this.#computing ??= this.#compute(() => (isChanged ? this.#ofFiles() : this.#ofClasses()))
    }
  }

  /** The state once nothing is being computed any more. */
  async settled(): Promise<PlanState> {
    this.begin()
    while (this.#computing !== undefined) await this.#computing
    return this.state
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    this.#watch?.[Symbol.dispose]()
  }

  #change(file: string): void {
    this.#changed = file
    this.#computing ??= this.#compute(() => this.#ofFiles())
  }

  async #compute(first: () => Promise<PlanState>): Promise<void> {
    let compute = first
    for (;;) {
      const state = await compute()
      if (this.#stop.signal.aborted) break
      this.#enter(state)
      if (this.#changed === undefined) break
      compute = () => this.#ofFiles()
    }
    this.#computing = undefined
  }

  #enter(state: PlanState): void {
    this.#state = state
    this.#options.onState(state)
  }

  async #ofClasses(): Promise<PlanState> {
    const at = new Date().toISOString()
    try {
      const plan = await this.#options.plan()
      return { status: 'ready', plan, refused: refusals(plan, {}), at }
    } catch (error) {
      return { status: 'failed', message: messageOf(error), at }
    }
  }

  async #ofFiles(): Promise<PlanState> {
    const file = this.#changed ?? ''
    this.#changed = undefined
    this.#enter({ status: 'computing', file })
    const { stdout, stderr } = await this.#run()
    const at = new Date().toISOString()
    const printed = printedPlan(stdout)
    if (printed === undefined) {
      const message = stderr.trim().replace(/^typestead: /, '')
      return { status: 'failed', message: message || 'typestead plan printed no plan', file, at }
    }
    const { refused, ...plan } = printed
    return { status: 'ready', plan, refused, file, at }
  }

  /** Exit codes other than 0 say what kind of plan it is; the output tells them apart. */
  #run(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const args = [...process.execArgv, program, 'plan', '--json', '--app', this.#options.folder]
    const options = { signal: this.#stop.signal, timeout: 60_000, maxBuffer: 64 * 1_048_576 }
    return new Promise((resolve) => {
      execFile(process.execPath, args, options, (error, stdout, stderr) =>
        resolve({ stdout, stderr: stderr === '' && error !== null ? messageOf(error) : stderr }),
      )
    })
  }
}

/** The app's own files may print something before. */
export function printedPlan(
  stdout: string,
): (Plan & { readonly refused: readonly Refusal[] }) | undefined {
  const begin = stdout.startsWith('{\n') ? 0 : stdout.lastIndexOf('\n{\n') + 1
  try {
    const printed: unknown = JSON.parse(stdout.slice(begin))
    const isPlan = typeof printed === 'object' && printed !== null && 'refused' in printed
    // `typestead plan --json` prints these together.
    return isPlan ? (printed as Plan & { refused: readonly Refusal[] }) : undefined
  } catch {
    return undefined // no plan was printed, and stderr says why
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
