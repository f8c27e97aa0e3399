/**
 * Unpacks a function's archive into a private folder. Names that lead out of it, too many files and too many bytes are refused before
 * anything is written; links are not made.
 */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { BotError } from '../bot-error.ts'

const mostPacked = 50 * 1024 * 1024
const mostUnpacked = 250 * 1024 * 1024
const mostFiles = 10_000

/** @returns the folder, which the caller removes. @throws {BotError} BAD_INPUT, LIMIT, NOT_FOUND */
export async function unpackZip(file: string): Promise<string> {
  const files = readZip(await packedBytes(file), file)
  const folder = await mkdtemp(join(tmpdir(), 'typestead-hook-'))
  try {
    for (const [name, bytes] of Object.entries(files)) {
      if (name.endsWith('/')) continue
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(path, bytes, { mode: 0o600, flag: 'wx' })
    }
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    throw new BotError(
      'BAD_INPUT',
      `${file}: cannot be unpacked; its files may stand in each other's way`,
      {
        cause,
      },
    )
  }
  return folder
}

async function packedBytes(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined)
  if (!found) throw new BotError('NOT_FOUND', `there is no file ${file}; check the path`)
  if (found.size > mostPacked) {
    throw new BotError(
      'LIMIT',
      `${file}: ${found.size} bytes; a function's archive has at most ${mostPacked}`,
    )
  }
  return readFile(file)
}

function readZip(bytes: Uint8Array, file: string): Record<string, Uint8Array> {
  let total = 0
  let count = 0
  try {
    return unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!isInside(name)) {
          throw new BotError(
            'BAD_INPUT',
            `${file}: the name ${JSON.stringify(name)} leads out of the archive`,
          )
        }
        total += originalSize
        if (++count > mostFiles || total > mostUnpacked) {
          throw new BotError(
            'LIMIT',
            `${file}: at most ${mostFiles} files and ${mostUnpacked} bytes are unpacked`,
          )
        }
        return true
      },
    })
  } catch (cause) {
    if (cause instanceof BotError) throw cause
    throw new BotError('BAD_INPUT', `${file}: not a zip archive, or a damaged one`, { cause })
  }
}

function isInside(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters have no place in a name
  if (name === '' || /[\\:\u0000-\u001f]/.test(name) || name.startsWith('/')) return false
  return name.split('/').every((part) => part !== '..' && part !== '.')
}
