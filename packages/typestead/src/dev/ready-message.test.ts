import { expect, it } from 'vitest'
import { readReady } from './ready-message.ts'

const endpoints = {
  version: 1,
  pid: 1,
  application: 'http://127.0.0.1:4100',
  workbench: 'http://127.0.0.1:4101',
}

it('a run that serves tells its ports, and where the embedded server lies', () => {
  const ports = { PORT: '4100', TYPESTEAD_WORKBENCH_PORT: '4101' }
  const message = { kind: 'ready', endpoints, embedded: true, data: '/data' }
  expect(readReady(message)).toEqual({ ports, embedded: '/data' })
  expect(readReady({ ...message, embedded: false })).toEqual({ ports, embedded: undefined })
})

it('an address that is no URL leaves its port as it is', () => {
  const odd = { ...endpoints, application: 'http://[fe80::1%eth0]:4100' }
  expect(readReady({ kind: 'ready', endpoints: odd, embedded: false, data: '/data' })).toEqual({
    ports: { TYPESTEAD_WORKBENCH_PORT: '4101' },
    embedded: undefined,
  })
})

it.each([null, 'ready', { kind: 'mine' }, { kind: 'ready' }, { kind: 'ready', endpoints: null }])(
  'a message of the app itself, %j, is none of dev’s',
  (message) => {
    expect(readReady(message)).toBeUndefined()
  },
)
