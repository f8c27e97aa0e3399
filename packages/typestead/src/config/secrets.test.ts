import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSecrets, secretsFile } from './secrets.ts'

let data: string

beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'secrets-')), 'data')
})

afterEach(() => rmSync(join(data, '..'), { recursive: true }))

describe('secrets', () => {
  it('are generated once into a file of their owner', () => {
    const first = openSecrets(data, ['A', 'B'], {}).get('A')
    expect(first).toMatch(/^[\w-]{20}$/)
    expect(openSecrets(data, ['A'], {}).get('A')).toBe(first)
    expect(statSync(secretsFile(data)).mode & 0o777).toBe(0o600)
    expect(readdirSync(data)).toEqual(['secrets.json'])
    expect(JSON.parse(readFileSync(secretsFile(data), 'utf8'))).toMatchObject({
      version: 1,
      A: first,
    })
  })

  it('come from the environment where they are set, and then no file is made', () => {
    expect(openSecrets(data, ['A'], { A: 'mine' }).get('A')).toBe('mine')
    expect(() => statSync(secretsFile(data))).toThrow('ENOENT')
  })

  it('that were added later join the earlier ones', () => {
    const a = openSecrets(data, ['A'], {}).get('A')
    const both = openSecrets(data, ['A', 'B'], {})
    expect(both.get('A')).toBe(a)
    expect(both.get('B')).not.toBe(a)
  })

  it.each([-3600, 3600])(
    'are not kept by the lock of a killed process, %i seconds from now by the clock',
    (seconds) => {
      openSecrets(data, ['A'], {})
      const lock = `${secretsFile(data)}.lock`
      mkdirSync(lock)
      const time = Date.now() / 1000 + seconds
      utimesSync(lock, time, time)
      expect(openSecrets(data, ['A', 'B'], {}).get('B')).toMatch(/^[\w-]{20}$/)
      expect(readdirSync(data)).toEqual(['secrets.json'])
    },
  )

  it('are known by declared names only', () => {
    expect(() => openSecrets(data, [], { PATH: '/bin' }).get('PATH')).toThrow('not declared')
    expect(() => openSecrets(data, ['A'], {}).get('version')).toThrow('not declared')
  })

  it('in a file that others can read are closed to them', () => {
    openSecrets(data, ['A'], {})
    chmodSync(secretsFile(data), 0o644)
    openSecrets(data, ['A'], {})
    expect(statSync(secretsFile(data)).mode & 0o777).toBe(0o600)
  })

  it.each(['{', '[]', 'null', '{"version":2}'])(
    'in a file that holds %s are not guessed at',
    (text) => {
      openSecrets(data, ['A'], {})
      writeFileSync(secretsFile(data), text)
      expect(() => openSecrets(data, ['A'], {})).toThrow(
        expect.objectContaining({ code: 'SECRETS_INVALID' }),
      )
    },
  )
})
