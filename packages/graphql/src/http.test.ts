import fc from 'fast-check'
import { expect, test } from 'vitest'
import { handleHttp } from './http.ts'

const handler = (request: Request) =>
  handleHttp(request, {
    bodyBytes: 10_000,
    bodyMilliseconds: 1000,
    report: ({ error }) => {
      throw error
    },
    bufferBytes: 1000,
    batch: 0,
    stream: async () => () => {},
    answer: async () => ({ body: { data: { ok: true } }, status: 200 }),
  })

test('whatever JSON is sent, the answer is JSON with 200 or 400, and never ours to blame', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.json().map((json) => `{"query":${json}}`),
      ),
      fc.constantFrom('application/json', 'application/graphql-response+json'),
      async (body, accept) => {
        const headers = { 'content-type': 'application/json', accept }
        const response = await handler(
          new Request('http://127.0.0.1/', { method: 'POST', headers, body }),
        )
        expect([200, 400]).toContain(response.status)
        expect(Object.keys((await response.json()) as object)).toHaveLength(1)
      },
    ),
    { numRuns: 300 },
  )
})
