/**
 * A sample of `/metrics` as the charts show it: rates since the sample before, quantiles of what happened in between.
 * Pure: of two texts in Prometheus's format it makes one sample.
 */

export interface MetricSample {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Requests of the application a second. */
  readonly requests: number
  /** Of them, those answered with 5xx. */
  readonly failures: number
  /** Milliseconds that 95 of 100 requests stayed under; null without requests. */
  readonly latency: number | null
  /** Queries of the store a second. */
  readonly queries: number
  readonly queryLatency: number | null
  /** Part of one core, 1 for all of it. */
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
  readonly heap: number
  /** Milliseconds by which the event loop is late, 99 of 100 turns. */
  readonly lag: number
  readonly connections: Readonly<Record<string, number>>
}

/** Values by name and labels, as they stand in the text: `name{a="b"}`. */
export type Measures = ReadonlyMap<string, number>

export function readMetrics(text: string): Measures {
  const measures = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const end = line.lastIndexOf(' ')
    const value = Number(line.slice(end + 1))
    if (Number.isFinite(value)) measures.set(line.slice(0, end), value)
  }
  return measures
}

/** @param seconds between the two */
export function sampleOf(
  before: Measures,
  now: Measures,
  seconds: number,
  at: number,
): MetricSample {
  const requests = difference(before, now, 'http_request_duration_seconds_count', isOfApp)
  const failures = difference(
    before,
    now,
    'http_request_duration_seconds_count',
    (labels) => isOfApp(labels) && labels.includes('status="5'),
  )
  const queries = difference(before, now, 'typestead_store_query_duration_seconds_count')
  const cpu = difference(before, now, 'process_cpu_seconds_total')
  return {
    at,
    requests: requests / seconds,
    failures: failures / seconds,
    latency: quantile(before, now, 'http_request_duration_seconds_bucket', isOfApp),
    queries: queries / seconds,
    queryLatency: quantile(before, now, 'typestead_store_query_duration_seconds_bucket'),
    cpu: cpu / seconds,
    memory: now.get('process_resident_memory_bytes') ?? 0,
    heap: now.get('nodejs_heap_size_used_bytes') ?? 0,
    lag: (now.get('nodejs_eventloop_lag_p99_seconds') ?? 0) * 1000,
    connections: Object.fromEntries(
      ['open', 'idle', 'waiting'].flatMap((state) => {
        const count = now.get(`typestead_store_connections{state="${state}"}`)
        return count === undefined ? [] : [[state, count]]
      }),
    ),
  }
}

type Accepts = (labels: string) => boolean
const all: Accepts = () => true
/** Requests of the application; probes, which come by the second, say nothing of its use. */
const isOfApp: Accepts = (labels) =>
  labels.includes('server="app"') && !/route="\/(healthz|readyz|metrics)"/.test(labels)

function difference(before: Measures, now: Measures, name: string, accepts = all): number {
  let sum = 0
  for (const [key, value] of now) {
    if (isOf(key, name) && accepts(key)) sum += value - (before.get(key) ?? 0)
  }
  return Math.max(0, sum)
}

/** The upper bound of the bucket that 95 of 100 are in, in milliseconds. */
function quantile(before: Measures, now: Measures, name: string, accepts = all): number | null {
  const buckets = new Map<number, number>()
  for (const [key, value] of now) {
    if (!isOf(key, name) || !accepts(key)) continue
    const bound = /le="([^"]+)"/.exec(key)?.[1]
    const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound)
    buckets.set(upTo, (buckets.get(upTo) ?? 0) + value - (before.get(key) ?? 0))
  }
  const bounds = [...buckets.keys()].sort((a, b) => a - b)
  const total = buckets.get(Number.POSITIVE_INFINITY) ?? 0
  if (total <= 0) return null
  const found = bounds.find((bound) => (buckets.get(bound) ?? 0) >= total * 0.95)
  // Beyond the largest bound nothing more is known.
  const known = bounds.filter(Number.isFinite)
  return Math.min(found ?? Number.POSITIVE_INFINITY, known.at(-1) ?? 0) * 1000
}

function isOf(key: string, name: string): boolean {
  return key.startsWith(name) && (key.length === name.length || key[name.length] === '{')
}
