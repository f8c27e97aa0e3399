/**
 * Feeds the hub: log entries, requests with their spans, a sample of the metrics each second, health when it changes,
 * operations of the API. What costs something and is not kept runs only while somebody follows it.
 */
import { setInterval as every } from 'node:timers'
import type { Health, Readiness } from '../server/health.ts'
import type { Logger } from '../server/log.ts'
import type { Metrics } from '../server/metrics.ts'
import { type RequestTrace, requestChannel } from '../server/request-trace.ts'
import type { EventHub } from './event-hub.ts'
import { type Measures, readMetrics, sampleOf } from './metric-samples.ts'

export interface ActivityOptions {
  readonly hub: EventHub
  readonly metrics: Metrics
  readonly health: Health
  readonly log: Logger
  /** How the latest operations were answered, newest last; undefined until the app serves. */
  readonly plans: () => readonly object[] | undefined
}

/** Health by part, as the console shows it. */
export interface HealthReport extends Readiness {
  readonly parts: readonly { readonly name: string; readonly problem: string | null }[]
}

const sampleMilliseconds = 1000
const healthMilliseconds = 1000
const plansMilliseconds = 400
const probes = new Set(['/healthz', '/readyz', '/metrics'])

export class Activity implements Disposable {
  readonly #options: ActivityOptions
  readonly #timers: NodeJS.Timeout[] = []
  #before: { readonly measures: Measures; readonly at: number } | undefined
  #health = ''
  #lastPlan = ''

  constructor(options: ActivityOptions) {
    this.#options = options
    requestChannel.subscribe(this.#onRequest)
    this.#repeat(sampleMilliseconds, () => this.#sample())
    this.#repeat(healthMilliseconds, () => this.#checkHealth())
    this.#repeat(plansMilliseconds, async () => this.#readPlans())
  }

  /** An entry of the log, as JSON. */
  readonly logged = (line: string): void => {
    this.#options.hub.publish('log', JSON.parse(line))
  }

  async healthReport(): Promise<HealthReport> {
    const { health } = this.#options
    const readiness = await health.read()
    const names = new Set(['process', ...health.parts, ...Object.keys(readiness.reasons)])
    const parts = [...names].map((name) => ({ name, problem: readiness.reasons[name] ?? null }))
    return { ...readiness, parts }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer)
    requestChannel.unsubscribe(this.#onRequest)
  }

  #repeat(milliseconds: number, work: () => Promise<void>): void {
    let busy = false
    const timer = every(() => {
      if (busy) return
      busy = true
      work()
        .catch((error: unknown) => {
          this.#options.log.warn({ error }, 'the workbench could not look at the app')
        })
        .finally(() => {
          busy = false
        })
    }, milliseconds)
    timer.unref()
    this.#timers.push(timer)
  }

  readonly #onRequest = (message: unknown): void => {
    const trace = message as RequestTrace // only `traced` publishes on this channel
    // Following the events is a request too, and shows nothing of the app; nor do probes.
    if (trace.server === 'app' && !probes.has(trace.route)) {
      this.#options.hub.publish('trace', trace)
    }
  }

  async #sample(): Promise<void> {
    const response = await this.#options.metrics.response()
    const measures = readMetrics(await response.text())
    const at = performance.now()
    const before = this.#before
    this.#before = { measures, at }
    if (before === undefined) return
    const seconds = (at - before.at) / 1000
    this.#options.hub.publish(
      'metrics',
      sampleOf(before.measures, measures, seconds, Math.round(Date.now())),
    )
  }

  async #checkHealth(): Promise<void> {
    if (!this.#options.hub.isFollowed('health')) return
    const report = await this.healthReport()
    const text = JSON.stringify(report)
    if (text === this.#health) return
    this.#health = text
    this.#options.hub.publish('health', report)
  }

  /** No two operations end at the same time after the same time, so the last one seen tells where the new ones begin. */
  #readPlans(): void {
    const { hub, plans } = this.#options
    const entries = hub.isFollowed('plans') ? plans() : undefined
    if (entries === undefined) return
    const texts = entries.map((entry) => JSON.stringify(entry))
    const seen = texts.lastIndexOf(this.#lastPlan)
    for (const entry of entries.slice(seen + 1)) hub.publish('plans', entry)
    this.#lastPlan = texts.at(-1) ?? ''
  }
}
