import { describe, expect, it } from 'vitest'
import { limitBody } from './body-limit.ts'

function post(body: BodyInit, headers: Record<string, string>): Request {
  return new Request('http://127.0.0.1/', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit)
}

function chunks(count: number): { stream: ReadableStream<Uint8Array>; given: () => number } {
  let given = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (given === count) controller.close()
        else controller.enqueue(new Uint8Array(10))
        given++
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, given: () => given }
}

describe('a body', () => {
  it('that says it is too long is refused unread', () => {
    const request = post('12345', { 'content-length': '5' })
    expect(() => limitBody(request, 4)).toThrow(
      expect.objectContaining({ status: 413, code: 'BODY_TOO_LARGE' }),
    )
    expect(request.bodyUsed).toBe(false)
    expect(limitBody(request, 5)).toBe(request)
  })

  it('that does not say is read up to the limit', async () => {
    const { stream } = chunks(10)
    const request = limitBody(post(stream, { 'transfer-encoding': 'chunked' }), 100)
    expect((await request.arrayBuffer()).byteLength).toBe(100)
  })

  it('that does not say and goes on is cut off there', async () => {
    const { stream, given } = chunks(1_000_000)
    const request = limitBody(post(stream, { 'transfer-encoding': 'chunked' }), 100)
    await expect(request.arrayBuffer()).rejects.toMatchObject({ status: 413 })
    expect(given()).toBeLessThan(20)
  })
})
