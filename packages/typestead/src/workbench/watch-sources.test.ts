import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { changedSince, watchSources } from './watch-sources.ts'

it('tells of changed and new sources, also in new folders, and of nothing installed or hidden', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watch-sources-'))
  const seen: string[] = []
  try {
    for (const name of ['entities', 'node_modules', '.typestead']) mkdirSync(join(folder, name))
    using _watch = watchSources(folder, (file) => seen.push(file))
    writeFileSync(join(folder, 'node_modules', 'x.ts'), '')
    writeFileSync(join(folder, '.typestead', 'x.ts'), '')
    writeFileSync(join(folder, 'entities', 'book.ts'), '')
    await vi.waitFor(() => expect(seen).toEqual(['entities/book.ts']), 5000)
    mkdirSync(join(folder, 'api'))
    await vi.waitFor(() => expect(seen).toContain('api'), 5000)
    writeFileSync(join(folder, 'api', 'shop.ts'), '')
    await vi.waitFor(() => expect(seen).toContain('api/shop.ts'), 5000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('finds a source that was changed since a time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watch-sources-'))
  try {
    for (const name of ['entities', 'node_modules']) mkdirSync(join(folder, name))
    const at = (file: string, seconds: number) => {
      writeFileSync(join(folder, file), '')
      utimesSync(join(folder, file), seconds, seconds)
    }
    at('model.ts', 100)
    at('entities/book.ts', 200)
    at('node_modules/x.ts', 900)
    expect(changedSince(folder, 150_000)).toBe('entities/book.ts')
    expect(changedSince(folder, 250_000)).toBeUndefined()
    expect(changedSince(join(folder, 'nothing'), 0)).toBeUndefined()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
