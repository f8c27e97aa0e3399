/** Where hooks' code is: files as they are, archives unpacked once to a private folder; and the names that Lambda gives functions. */
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { HookCode } from './hook-protocol.ts'
import { HandlerMissing } from './load-handler.ts'
import type { FileEntry } from './run-in-process.ts'
import { unpackZip } from './unpack-zip.ts'

export class HookCodes {
  /** By archive and generation. */
  readonly #folders = new Map<string, Promise<string>>()

  /** Of an entry that is no archive. */
  plain({ file, ref, generation }: FileEntry): HookCode {
    return { file, handler: exportName(ref.handler), generation }
  }

  /** @throws {HandlerMissing} {BotError} BAD_INPUT, LIMIT, NOT_FOUND of an archive */
  async of(entry: FileEntry): Promise<HookCode> {
    const { file, ref, generation } = entry
    if (!isZip(file)) return this.plain(entry)
    const key = `${generation}\0${file}`
    let unpacking = this.#folders.get(key)
    if (!unpacking) {
      unpacking = unpackZip(file)
      this.#folders.set(key, unpacking)
      // The next call tries again.
      unpacking.catch(() => this.#folders.delete(key))
    }
    const inside = await fileIn(await unpacking, ref.handler, file)
    return { file: inside, handler: exportName(ref.handler), generation }
  }

  /** Removes what was unpacked. */
  async close(): Promise<void> {
    const folders = await Promise.allSettled(this.#folders.values())
    this.#folders.clear()
    for (const folder of folders)
      if (folder.status === 'fulfilled') await rm(folder.value, { recursive: true, force: true })
  }
}

export function isZip(file: string): boolean {
  return /\.zip$/i.test(file)
}

/** `index.handler` is the export `handler` of the archive's `index.js`, `.cjs`, `.mjs` or `.ts`. */
async function fileIn(folder: string, handler: string, archive: string): Promise<string> {
  const name = handler.includes('.') ? handler.slice(0, handler.lastIndexOf('.')) : 'index'
  for (const extension of ['js', 'cjs', 'mjs', 'ts']) {
    const file = join(folder, `${name}.${extension}`)
    const found = await access(file).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  throw new HandlerMissing(`${archive} has no ${name}.js, which its handler "${handler}" names`)
}

function exportName(handler: string): string {
  return handler.slice(handler.lastIndexOf('.') + 1)
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]`, or the name alone. */
export function functionName(hook: string): string {
  return /^arn:[\w-]+:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(hook)?.[1] ?? hook
}

export function arnOf(hook: string): string {
  return hook.startsWith('arn:') ? hook : `arn:aws:lambda:local:000000000000:function:${hook}`
}
