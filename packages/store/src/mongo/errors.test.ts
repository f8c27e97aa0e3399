import { inspect } from 'node:util'
import { ValidationError } from '@typestead/entity'
import { MongoNetworkError, MongoNetworkTimeoutError, MongoServerError } from 'mongodb'
import { expect, test } from 'vitest'
import { guarded, isTransient, translate } from './errors.ts'

const server = (code: number) =>
  new MongoServerError({
    message: 'dup key: { email: "hidden" }',
    code,
    keyValue: { email: 'hidden' },
  })

test.each([
  [50, 'TIMEOUT'],
  [13, 'UNAVAILABLE'],
  [18, 'UNAVAILABLE'],
  [91, 'UNAVAILABLE'],
  [10107, 'UNAVAILABLE'],
  [121, 'INTERNAL'],
  [11000, 'INTERNAL'],
  [9999, 'INTERNAL'],
])('the server’s code %i is %s, without its documents', (code, expected) => {
  const error = translate(server(code))
  expect(error).toMatchObject({ code: expected })
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hidden')
})

test('a lost connection is UNAVAILABLE, a silent server TIMEOUT, and no password is told', () => {
  const lost = translate(new MongoNetworkError('connection to mongodb://user:hidden@host closed'))
  expect(lost).toMatchObject({ code: 'UNAVAILABLE' })
  expect(inspect(lost, { depth: 9 })).not.toContain('hidden')
  expect(translate(new MongoNetworkTimeoutError('silent'))).toMatchObject({ code: 'TIMEOUT' })
})

test('other errors pass as they are', () => {
  const mine = [new ValidationError([]), new Error('mine'), 'text']
  for (const error of mine) expect(translate(error)).toBe(error)
})

test('an error after which a transaction may begin again is known after it was translated', async () => {
  const error = server(112)
  error.addErrorLabel('TransientTransactionError')
  const translated: unknown = await guarded(() => Promise.reject(error)).catch(
    (one: unknown) => one,
  )
  expect(isTransient(translated)).toBe(true)
  expect(isTransient(translate(server(112)))).toBe(false)
})
