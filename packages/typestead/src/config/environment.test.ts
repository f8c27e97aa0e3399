import { expect, it } from 'vitest'
import { readEnvironment } from './environment.ts'

it('ports default to 4000 and the next one, and 0 stays 0 for both', () => {
  expect(readEnvironment({})).toMatchObject({ port: 4000, workbenchPort: 4001, host: '127.0.0.1' })
  expect(readEnvironment({ PORT: '5000' })).toMatchObject({ port: 5000, workbenchPort: 5001 })
  expect(readEnvironment({ PORT: '0' })).toMatchObject({ port: 0, workbenchPort: 0 })
  expect(readEnvironment({ PORT: '1', TYPESTEAD_WORKBENCH_PORT: '9' })).toMatchObject({
    workbenchPort: 9,
  })
})

it('an empty variable is one that is not set', () => {
  expect(readEnvironment({ PORT: '', DATABASE_URL: '' })).toMatchObject({
    port: 4000,
    databaseUrl: undefined,
  })
})

it('allowed hosts are a list', () => {
  expect(
    readEnvironment({ TYPESTEAD_ALLOWED_HOSTS: ' A.example , .b.example,' }).allowedHosts,
  ).toEqual(['a.example', '.b.example'])
})

it.each([
  [{ PORT: '-1' }, 'PORT'],
  [{ PORT: '4000x' }, 'PORT'],
  [{ PORT: '65536' }, 'PORT'],
  [{ TYPESTEAD_WORKBENCH_TOKEN: 'short' }, 'TYPESTEAD_WORKBENCH_TOKEN'],
  [{ DATABASE_URL: 'localhost' }, 'DATABASE_URL'],
  [{ TYPESTEAD_LOG_LEVEL: 'loud' }, 'TYPESTEAD_LOG_LEVEL'],
  [{ TYPESTEAD_HOST: '999.1.1.1' }, 'TYPESTEAD_HOST: must be an address'],
  [{ TYPESTEAD_HOST: '[::1]' }, 'TYPESTEAD_HOST: must be an address'],
  [{ TYPESTEAD_HOST: 'http://shop.example' }, 'TYPESTEAD_HOST: must be an address'],
])('%j is a wrong usage, by its name', (env, name) => {
  expect(() => readEnvironment(env)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(name) }),
  )
})

it.each(['0.0.0.0', '::', '10.0.0.1', 'localhost', 'my_host', 'shop.example.', '1.example'])(
  '%s is a host',
  (TYPESTEAD_HOST) => {
    expect(readEnvironment({ TYPESTEAD_HOST }).host).toBe(TYPESTEAD_HOST)
  },
)

it('a database URL that no driver can read is a wrong usage, and its password is not told', () => {
  const DATABASE_URL = 'postgres://ann:hunter2@[bad/x'
  expect(() => readEnvironment({ DATABASE_URL })).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: expect.stringMatching(/^DATABASE_URL: must (?!.*hunter2)/),
    }),
  )
})

it('the port after the last one is said to be none', () => {
  expect(() => readEnvironment({ PORT: '65535' })).toThrow('TYPESTEAD_WORKBENCH_PORT')
})
