import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataFolder, writeAtomically } from './data-folder.ts'

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
