/** What `/metrics` shows, in Prometheus's text format: requests, store queries, the process and its event loop. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests: Histogram<'server' | 'method' | 'route' | 'status'>
  readonly #queries: Histogram<'operation' | 'entity' | 'outcome'>

  constructor() {
    const registers = [this.#registry]
    this.#requests = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Requests, from the headers to the answer’s headers.',
      labelNames: ['server', 'method', 'route', 'status'],
      buckets: seconds,
      registers,
    })
    this.#queries = new Histogram({
      name: 'typestead_store_query_duration_seconds',
      help: 'Queries of the store.',
      labelNames: ['operation', 'entity', 'outcome'],
      buckets: seconds,
      registers,
    })
    collectDefaultMetrics({ register: this.#registry })
  }

  /** For parts that bring metrics of their own. */
  get registry(): Registry {
    return this.#registry
  }

  request(
    labels: { server: string; method: string; route: string; status: number },
    duration: number,
  ): void {
    this.#requests.observe(labels, duration / 1000)
  }

  query(labels: { operation: string; entity: string; outcome: string }, duration: number): void {
    this.#queries.observe(labels, duration / 1000)
  }

  /** A number that is asked for when somebody looks. */
  gauge(
    name: string,
    help: string,
    labelName: string,
    read: () => Readonly<Record<string, number>>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [labelName],
      registers: [this.#registry],
      collect() {
        for (const [label, value] of Object.entries(read())) this.set({ [labelName]: label }, value)
      },
    })
  }

  async response(): Promise<Response> {
    const text = await this.#registry.metrics()
    return new Response(text, {
      headers: { 'content-type': this.#registry.contentType, 'cache-control': 'no-store' },
    })
  }
}
