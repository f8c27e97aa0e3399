import { expect, test } from 'vitest'
import type { MetricSample } from '../../server/activity.ts'
import { charts, latest, summary } from './charts.ts'
import { fitsLog, fitsTrace } from './operations-manager.ts'

const entry = { level: 'info', time: '', msg: 'request', server: 'app', route: '/api' }

test('a log filter takes a level and all above it, any text in the entry, and leaves the workbench out', () => {
  const filter = { level: 'info', text: '', workbench: false } as const
  expect(fitsLog(filter)(entry)).toBe(true)
  expect(fitsLog(filter)({ ...entry, level: 'debug' })).toBe(false)
  expect(fitsLog({ ...filter, level: 'error' })({ ...entry, level: 'fatal' })).toBe(true)
  expect(fitsLog(filter)({ ...entry, server: 'workbench' })).toBe(false)
  expect(fitsLog(filter)({ ...entry, server: 'workbench', level: 'error' })).toBe(true)
  expect(fitsLog({ ...filter, workbench: true })({ ...entry, server: 'workbench' })).toBe(true)
  expect(fitsLog({ ...filter, text: '/API' })(entry)).toBe(true)
  expect(fitsLog({ ...filter, text: 'nothing' })(entry)).toBe(false)
})

test('requests are found by what they did, by being refused, and by taking long', () => {
  const trace = {
    requestId: 'abc',
    method: 'POST',
    route: '/api',
    status: 200,
    time: '',
    ms: 12,
    spans: [{ name: 'select Book', at: 0, ms: 1, outcome: 'ok' }],
  }
  const all = { text: '', status: 'all', slower: 0 } as const
  expect(fitsTrace({ ...all, text: 'book' })(trace)).toBe(true)
  expect(fitsTrace({ ...all, status: 'failed' })(trace)).toBe(false)
  expect(fitsTrace({ ...all, status: 'failed' })({ ...trace, status: 403 })).toBe(true)
  expect(fitsTrace({ ...all, slower: 50 })(trace)).toBe(false)
})

test('a chart says in words what it shows', () => {
  const sample = (requests: number): MetricSample => ({
    at: 0,
    requests,
    failures: 0,
    latency: null,
    queries: 0,
    queryLatency: null,
    cpu: 0,
    memory: 0,
    heap: 0,
    lag: 0,
    connections: {},
  })
  const [requests, latency] = charts
  if (requests === undefined || latency === undefined) throw new Error('there are charts')
  const samples = [sample(4), sample(12), sample(2)]
  expect(summary(samples, requests)).toBe(
    'Requests. all: 2.0/s now, at most 12/s; failed: 0.0/s now, at most 0.0/s',
  )
  expect(summary(samples, latency)).toContain('requests: none')
  const [line] = requests.lines
  expect(line && latest(samples, line)).toBe(2)
})
