import { describe, expect, it } from 'vitest'
import { errorResponse, HttpError } from './error-response.ts'

const answerTo = async (error: unknown) => {
  const { response, unforeseen } = errorResponse(error, 'request-1')
  return {
    status: response.status,
    unforeseen,
    error: (await response.json()).error,
    retry: response.headers.get('retry-after'),
  }
}

describe('an error', () => {
  it('of ours is told as it is', async () => {
    expect(await answerTo(new HttpError(404, 'NOT_FOUND', 'nothing there'))).toMatchObject({
      status: 404,
      unforeseen: false,
      error: { code: 'NOT_FOUND', message: 'nothing there', requestId: 'request-1' },
    })
  })

  it('of a store that is down is 503, without what the driver said', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'UNAVAILABLE' })
    const answer = await answerTo(error)
    expect(answer).toMatchObject({ status: 503, retry: '2', error: { code: 'UNAVAILABLE' } })
    expect(answer.error.message).not.toContain('10.0.0.1')
  })

  it('that no one foresaw is masked', async () => {
    for (const error of [new Error('select * from users'), 'text', undefined]) {
      const answer = await answerTo(error)
      expect(answer).toMatchObject({ status: 500, unforeseen: true, error: { code: 'INTERNAL' } })
      expect(JSON.stringify(answer)).not.toContain('select')
    }
  })
})
