import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataFolder, makeDataFolder, writeAtomically } from './data-folder.ts'

let root: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'data-folder-')))
})

afterEach(() => rmSync(root, { recursive: true }))

describe('the data folder', () => {
  it('lies beside the root package.json in a workspace, beside the config elsewhere', () => {
    const app = join(root, 'apps', 'shop')
    mkdirSync(app, { recursive: true })
    writeFileSync(join(app, 'package.json'), '{}')
    expect(dataFolder(app, {})).toBe(join(app, '.typestead'))
    writeFileSync(join(root, 'package.json'), '{"workspaces":["apps/*"]}')
    expect(dataFolder(app, {})).toBe(join(root, '.typestead'))
    expect(dataFolder(app, { TYPESTEAD_DATA: join(root, 'elsewhere') })).toBe(
      join(root, 'elsewhere'),
    )
  })
})

describe('a data folder that is made', () => {
  it('lets no one else look into it, nor into those above it', () => {
    makeDataFolder(join(root, 'a', 'b'))
    makeDataFolder(join(root, 'a', 'b'))
    for (const folder of ['a', 'a/b']) {
      expect(statSync(join(root, folder)).mode & 0o066).toBe(0)
    }
    symlinkSync(join(root, 'a'), join(root, 'link'))
    expect(() => makeDataFolder(join(root, 'link'))).not.toThrow()
  })

  it.each(['file', 'file/deeper', 'dangling'])('cannot be %s, and says what to set', (name) => {
    writeFileSync(join(root, 'file'), '')
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'))
    expect(() => makeDataFolder(join(root, name))).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringMatching(/^the data folder .* set TYPESTEAD_DATA to a folder/),
      }),
    )
  })

  it.skipIf(process.platform !== 'linux')('cannot lie in /proc, which has no room', () => {
    for (const folder of ['/proc/typestead', '/proc/typestead/deeper']) {
      expect(() => makeDataFolder(folder)).toThrow('set TYPESTEAD_DATA')
    }
  })
})

describe('a file written in one step', () => {
  it('replaces the old one and leaves no draft', () => {
    const file = join(root, 'new', 'file.json')
    writeAtomically(file, 'one')
    writeAtomically(file, 'two')
    expect(readFileSync(file, 'utf8')).toBe('two')
    expect(readdirSync(join(root, 'new'))).toEqual(['file.json'])
  })

  it('that cannot be written leaves the old one', () => {
    const file = join(root, 'folder')
    mkdirSync(file)
    expect(() => writeAtomically(file, 'text')).toThrow()
    expect(readdirSync(root)).toEqual(['folder'])
  })
})
