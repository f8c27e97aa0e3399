/** The shop's files in another folder, with the workspace's packages installed beside them. */
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appFolder, workspace } from './shop.ts'

export interface AppCopy extends Disposable {
  readonly folder: string
  /** Replaces a piece of a file, which must be there once. */
  edit(file: string, from: string, to: string): void
}

/** @param folder is made, and removed in the end */
export function copyApp(folder: string): AppCopy {
  const parts = [
    'package.json',
    'typestead.config.ts',
    'entities',
    'seed',
    'api',
    'nlu',
    'bots',
    'shop',
  ]
  for (const part of parts) cpSync(join(appFolder, part), join(folder, part), { recursive: true })
  symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    edit(file, from, to) {
      const text = readFileSync(join(folder, file), 'utf8')
      const pieces = text.split(from)
      if (pieces.length !== 2) throw new Error(`${file} has "${from}" ${pieces.length - 1} times`)
      writeFileSync(join(folder, file), pieces.join(to))
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
