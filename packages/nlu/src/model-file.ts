/**
 * The model file, format 1. Little endian:
 *   0  8 bytes magic "TSTDNLU\0"   8  u32 version   12  u32 header length   16  header, JSON, padded to 16 bytes
 *   then the sections the header lists, each padded to 16 bytes; last 32 bytes: SHA-256 of all before.
 * Nothing in it is ever executed; every length is checked before use. It is written to a new file beside the old, flushed, then
 * renamed: a crash leaves the old file whole and at most a stray `*.tmp`, which a save of that name an hour later removes.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { NluError } from './nlu-error.ts'

export type Section = Int8Array | Uint8Array | Uint16Array | Uint32Array | Float32Array

export interface ModelContents {
  readonly json: unknown
  readonly sections: Readonly<Record<string, Section>>
}

export const modelFormatVersion = 1
const magic = 'TSTDNLU\0'
const digestLength = 32
const types = {
  i8: Int8Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f32: Float32Array,
} as const
type TypeName = keyof typeof types

const header = z.object({
  json: z.unknown(),
  sections: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['i8', 'u8', 'u16', 'u32', 'f32']),
      length: z.int().min(0),
    }),
  ),
})

/** The bytes of a model. The same contents give the same bytes. */
export function encodeModel({ json, sections }: ModelContents): Uint8Array<ArrayBuffer> {
  const list = Object.entries(sections).map(([name, array]) => ({
    name,
    type: typeOf(array),
    length: array.length,
  }))
  const head = new TextEncoder().encode(JSON.stringify({ json, sections: list }))
  const start = pad(16 + head.length)
  const size = Object.values(sections).reduce((sum, array) => sum + pad(array.byteLength), start)
  const bytes = new Uint8Array(size + digestLength)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(magic))
  view.setUint32(8, modelFormatVersion, true)
  view.setUint32(12, head.length, true)
  bytes.set(head, 16)
  let at = start
  for (const array of Object.values(sections)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += pad(array.byteLength)
  }
  bytes.set(createHash('sha256').update(bytes.subarray(0, size)).digest(), size)
  return bytes
}

/** @param name what errors call it. @throws {NluError} bad_model */
export function decodeModel(bytes: Uint8Array, name: string): ModelContents {
  const refuse = (why: string, cause?: unknown): never => {
    throw new NluError('bad_model', `${name} ${why}`, { cause })
  }
  if (bytes.length < 16 + digestLength) refuse('is too short to be a model; train it again')
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) refuse('is not a Typestead model')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view.getUint32(8, true)
  if (version > modelFormatVersion) {
    refuse(
      `has format ${version}; this release reads up to ${modelFormatVersion}; update @typestead/nlu`,
    )
  }
  const size = bytes.length - digestLength
  const digest = createHash('sha256').update(bytes.subarray(0, size)).digest()
  if (!digest.equals(bytes.subarray(size)))
    refuse('is damaged (its checksum differs); restore or train it again')
  const length = view.getUint32(12, true)
  if (16 + length > size) refuse('has a header longer than itself')
  let parsed: z.infer<typeof header> | undefined
  try {
    parsed = header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length))))
  } catch (cause) {
    return refuse('has an unreadable header', cause)
  }
  const sections: Record<string, Section> = {}
  let at = pad(16 + length)
  for (const { name: section, type, length: count } of parsed.sections) {
    const Type = types[type]
    const end = at + count * Type.BYTES_PER_ELEMENT
    if (end > size) refuse(`ends before its section ${section}`)
    // A copy: the file's buffer can be freed, and the section is aligned wherever the bytes came from.
    sections[section] = new Type(Uint8Array.prototype.slice.call(bytes, at, end).buffer)
    at = pad(end)
  }
  if (at !== size) refuse('has bytes that belong to no section')
  return { json: parsed.json, sections }
}

/** Writes atomically. @throws when the folder cannot be written; the old file then stands. */
export async function writeModelFile(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    await removeStrays(file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

const strayAge = 3_600_000

/** What saves that were killed left behind; younger ones may be under way in another process. */
async function removeStrays(file: string): Promise<void> {
  const folder = dirname(file)
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(file)}.`) || !name.endsWith('.tmp')) continue
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > strayAge)
      await rm(join(folder, name), { force: true })
  }
}

/** @throws {NluError} not_found, bad_model */
export async function readModelFile(file: string): Promise<ModelContents> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (cause) {
    throw new NluError('not_found', `cannot read the model ${file}; train it, or check the path`, {
      cause,
    })
  }
  return decodeModel(bytes, file)
}

function typeOf(array: Section): TypeName {
  const name = (Object.keys(types) as TypeName[]).find((key) => array instanceof types[key])
  if (!name)
    throw new TypeError(
      'a section must be an Int8Array, Uint8Array, Uint16Array, Uint32Array or Float32Array',
    )
  return name
}

function pad(length: number): number {
  return Math.ceil(length / 16) * 16
}
