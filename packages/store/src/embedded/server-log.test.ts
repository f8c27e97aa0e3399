import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { boundLog, logTail } from './server-log.ts'

let folder: string
let log: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-log-'))
  log = join(folder, 'postgres.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the server log', () => {
  test('up to 5 MiB is left as it is', () => {
    writeFileSync(log, 'x'.repeat(5 * 1024 * 1024))
    boundLog(log)
    expect(statSync(log).size).toBe(5 * 1024 * 1024)
  })

  test('beyond it keeps its last 64 KiB, from the start of a line', () => {
    writeFileSync(log, 'a line that is not the last\n'.repeat(250_000))
    appendFileSync(log, 'the last\n')
    boundLog(log)
    const text = readFileSync(log, 'utf8')
    expect(text.length).toBeGreaterThan(60_000)
    expect(text.length).toBeLessThanOrEqual(64 * 1024)
    expect(text).toMatch(/^a line/)
    expect(text).toMatch(/not the last\nthe last\n$/)
  })

  test('that is missing needs no bound and has no tail', () => {
    boundLog(log)
    expect(logTail(log, 0)).toBe('')
  })

  test('is quoted from where this start began, its last lines only', () => {
    writeFileSync(log, 'old\n')
    appendFileSync(log, Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join(''))
    expect(logTail(log, 4, 2)).toBe('line 18\nline 19')
    expect(logTail(log, 4, 100)).toMatch(/^line 0\n/)
  })
})
