/** Whether everything serves: what `/readyz` says. Not ready while it starts, stops, or a check fails. */
import { setTimeout as sleep } from 'node:timers/promises'

export type Phase = 'starting' | 'ready' | 'stopping'

export interface Readiness {
  readonly status: Phase | 'unavailable'
  /** Why it is not ready, a sentence each, by part. */
  readonly reasons: Readonly<Record<string, string>>
}

/** A check that takes longer has failed. */
const checkMilliseconds = 2_000
/** An answer holds this long, so that probes cannot load the database. */
const keepMilliseconds = 250

export class Health {
  readonly #checks = new Map<string, (signal: AbortSignal) => Promise<void>>()
  #phase: Phase = 'starting'
  #doing = 'it is starting'
  #known: { readonly at: number; readonly answer: Promise<Readiness> } | undefined

  /** `check` fails while the part cannot serve; its error's message is shown to people, so it must hold no secret. */
  add(name: string, check: (signal: AbortSignal) => Promise<void>): void {
    this.#checks.set(name, check)
  }

  /** What is under way while it starts, shown by `/readyz`. */
  doing(what: string): void {
    this.#doing = what
  }

  enter(phase: Phase): void {
    this.#phase = phase
    this.#known = undefined
  }

  /** What is checked, by name. */
  get parts(): readonly string[] {
    return [...this.#checks.keys()]
  }

  get phase(): Phase {
    return this.#phase
  }

  read(): Promise<Readiness> {
    if (this.#phase === 'starting') return Promise.resolve(notReady('starting', this.#doing))
    if (this.#phase === 'stopping') return Promise.resolve(notReady('stopping', 'it is stopping'))
    const now = performance.now()
    if (this.#known === undefined || now - this.#known.at > keepMilliseconds) {
      this.#known = { at: now, answer: this.#check() }
    }
    return this.#known.answer
  }

  async #check(): Promise<Readiness> {
    const reasons: Record<string, string> = {}
    const checks = [...this.#checks].map(async ([name, check]) => {
      const reason = await failureOf(check)
      if (reason !== undefined) reasons[name] = reason
    })
    await Promise.all(checks)
    return { status: Object.keys(reasons).length === 0 ? 'ready' : 'unavailable', reasons }
  }
}

/** Never cached: a load balancer asks for what is now. */
export async function readinessResponse(health: Health): Promise<Response> {
  const readiness = await health.read()
  return Response.json(readiness, {
    status: readiness.status === 'ready' ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  })
}

/** The process lives: it answers. */
export function livenessResponse(): Response {
  return Response.json({ status: 'alive' }, { headers: { 'cache-control': 'no-store' } })
}

function notReady(status: Phase, reason: string): Readiness {
  return { status, reasons: { process: reason } }
}

async function failureOf(
  check: (signal: AbortSignal) => Promise<void>,
): Promise<string | undefined> {
  const end = new AbortController()
  try {
    const late = sleep(checkMilliseconds, true, { signal: end.signal })
    const isLate = await Promise.race([check(end.signal).then(() => false), late])
    return isLate ? `no answer in ${checkMilliseconds / 1000} s` : undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    end.abort()
  }
}
