import { describe, expect, it } from 'vitest'
import { Health, readinessResponse } from './health.ts'

describe('readiness', () => {
  it('says what is under way until it serves', async () => {
    const health = new Health()
    health.doing('the store is being migrated')
    const response = await readinessResponse(health)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'starting',
      reasons: { process: 'the store is being migrated' },
    })
  })

  it('names each part that fails, and asks once for many probes', async () => {
    const health = new Health()
    let asked = 0
    health.add('store', async () => {
      asked++
      throw new Error('no connection')
    })
    health.add('other', async () => {})
    health.enter('ready')
    const answers = await Promise.all([health.read(), health.read(), health.read()])
    expect(answers[2]).toEqual({ status: 'unavailable', reasons: { store: 'no connection' } })
    expect(asked).toBe(1)
  })

  it('ends when it stops', async () => {
    const health = new Health()
    health.enter('ready')
    expect((await readinessResponse(health)).status).toBe(200)
    health.enter('stopping')
    expect((await readinessResponse(health)).status).toBe(503)
  })
})
