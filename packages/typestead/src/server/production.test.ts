import { defineModel, Entity, id } from '@typestead/entity'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../config/environment.ts'
import { checkProduction, checkWorkbenchHost } from './production.ts'

class Thing extends Entity('Thing', { id: id() }) {}
const config = { model: defineModel({ Thing }), secrets: ['A', 'B'] }
const fit = {
  DATABASE_URL: 'postgres://db/app',
  TYPESTEAD_WORKBENCH_TOKEN: 'sixteen-characters',
  A: 'a',
  B: 'b',
}

describe('production', () => {
  it('takes what is fit for it', () => {
    expect(() => checkProduction({ config }, readEnvironment(fit), fit)).not.toThrow()
  })

  it.each(['DATABASE_URL', 'TYPESTEAD_WORKBENCH_TOKEN', 'A', 'B'] as const)(
    'refuses what lacks %s, by its name',
    (name) => {
      const env = { ...fit, [name]: '' }
      expect(() => checkProduction({ config }, readEnvironment(env), env)).toThrow(`set ${name}`)
    },
  )
})

describe('the workbench', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('is open on %s', (TYPESTEAD_HOST) => {
    expect(() => checkWorkbenchHost(readEnvironment({ TYPESTEAD_HOST }))).not.toThrow()
  })

  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com'])(
    'needs a token on %s',
    (TYPESTEAD_HOST) => {
      expect(() => checkWorkbenchHost(readEnvironment({ TYPESTEAD_HOST }))).toThrow(
        'set TYPESTEAD_WORKBENCH_TOKEN',
      )
    },
  )
})
