/** Requests over HTTP on eight connections at once, from the harness's own process. */
import { Agent, request as httpRequest } from 'node:http'
import type { Loaded } from '../../../bench/measure.ts'

/** The url carries the query behind its `#`; `documentAt` may put another in its place. The answer is that of the first request. */
export async function load(
  url: string,
  requests: number,
  documentAt: (index: number, query: string) => string = (_, query) => query,
  variablesOf: (index: number) => object = () => ({}),
): Promise<Loaded> {
  const [address = '', hash = ''] = url.split('#')
  const query = decodeURIComponent(hash)
  const times: number[] = []
  // Connections of an earlier round may be closed by the server at the very moment when they are used again.
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  let next = 0
  let answer = ''
  const one = async () => {
    while (next < requests) {
      const index = next++
      const document = documentAt(index, query)
      const started = performance.now()
      const text = await post(address, document, agent, variablesOf(index))
      times.push(performance.now() - started)
      if (index === 0) answer = text
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  agent.destroy()
  times.sort((a, b) => a - b)
  return {
    operations: requests,
    answer: JSON.parse(answer) as unknown,
    figures: { 'p99 ms': times[Math.floor(times.length * 0.99)] ?? 0 },
  }
}

export function post(
  url: string,
  query: string,
  agent?: Agent,
  variables: object = {},
): Promise<string> {
  const body = JSON.stringify({ query, variables })
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const request = httpRequest(
      url,
      { method: 'POST', headers, ...(agent === undefined ? {} : { agent }) },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve(Buffer.concat(parts).toString()))
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
