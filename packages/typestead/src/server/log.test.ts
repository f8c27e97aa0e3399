import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { logTo, plainLine } from './log.ts'

function entries(write: (log: ReturnType<typeof logTo>) => void): string {
  let text = ''
  const output = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  write(logTo('info', output))
  return text
}

describe('the log', () => {
  it('hides secrets and personal data by their names', () => {
    const text = entries((log) => {
      log.info(
        {
          password: 'p1',
          user: { email: 'e2', token: 't3' },
          request: { headers: { cookie: 'c4', 'set-cookie': 's5' } },
        },
        'x',
      )
    })
    expect(text).not.toMatch(/p1|e2|t3|c4|s5/)
    expect(JSON.parse(text)).toMatchObject({ level: 'info', msg: 'x', password: '[redacted]' })
  })

  it('tells of an error its message, code and stack, and nothing a driver put on it', () => {
    const error = Object.assign(new Error('no'), { code: 'X', parameters: ['secret value'] })
    const text = entries((log) => log.error({ error }, 'failed'))
    expect(JSON.parse(text).error).toMatchObject({ message: 'no', errorCode: 'X' })
    expect(text).not.toContain('secret value')
  })

  it('is one line an entry for people', () => {
    const entry = entries((log) => log.info({ requestId: 'r', route: '/api', ms: 3 }, 'request'))
    expect(plainLine(entry)).toMatch(/^\d\d:\d\d:\d\d info {2}request route=\/api ms=3\n$/)
  })
})
