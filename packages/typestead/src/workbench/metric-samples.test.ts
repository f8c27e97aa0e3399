import { expect, it } from 'vitest'
import { Metrics } from '../server/metrics.ts'
import { readMetrics, sampleOf } from './metric-samples.ts'

const read = async (metrics: Metrics) => readMetrics(await (await metrics.response()).text())

it('a sample is what happened between two readings of /metrics', async () => {
  const metrics = new Metrics()
  const request = (server: string, status: number, ms: number) =>
    metrics.request({ server, method: 'GET', route: '/', status }, ms)
  request('app', 200, 5)
  const before = await read(metrics)
  for (let at = 0; at < 19; at++) request('app', 200, 2)
  request('app', 503, 80)
  request('workbench', 500, 900)
  metrics.query({ operation: 'select', entity: 'Book', outcome: 'ok' }, 4)
  const sample = sampleOf(before, await read(metrics), 2, 1234)
  expect(sample).toMatchObject({ at: 1234, requests: 10, failures: 0.5, queries: 0.5 })
  expect(sample.latency).toBe(2.5)
  expect(sample.queryLatency).toBe(5)
  expect(sample.memory).toBeGreaterThan(1_000_000)
})

it('without requests there is no answer time', async () => {
  const measures = await read(new Metrics())
  expect(sampleOf(measures, measures, 1, 0)).toMatchObject({ requests: 0, latency: null })
})

it('longer than the largest bucket is told as that', async () => {
  const metrics = new Metrics()
  const before = await read(metrics)
  metrics.request({ server: 'app', method: 'GET', route: '/', status: 200 }, 60_000)
  expect(sampleOf(before, await read(metrics), 1, 0).latency).toBe(10_000)
})
