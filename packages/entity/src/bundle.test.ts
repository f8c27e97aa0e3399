/** The package as a browser gets it: bundled, minified, zipped, without Node. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'

const zod = dirname(createRequire(import.meta.url).resolve('zod/package.json'))
const modules = dirname(zod)

/** The minified text of a program: a module that leaves Zod outside, or a script that has all of it inside. */
async function bundle(program: string, form: 'module' | 'script'): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'typestead-bundle-'))
  try {
    const input = join(root, 'program.ts')
    writeFileSync(input, program)
    symlinkSync(modules, join(root, 'node_modules'))
    const script = form === 'script'
    const result = await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        rolldownOptions: {
          input,
          preserveEntrySignatures: 'strict',
          external: script ? [] : ['zod'],
          output: script
            ? { format: 'iife', name: 'program', minify: true }
            : { format: 'esm', minify: true },
        },
      },
    })
    const [output] = [result].flat()
    if (!output || !('output' in output)) throw new TypeError('vite built nothing')
    return output.output[0].code
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const smallPage = `export { Entity, belongsTo, boolean, checkCreate, datetime, defineModel, hasMany, id, int, oneOf, string,
  toJsonSchema, toWire } from '@typestead/entity'`
const page = `export { Entity, ValidationError, belongsTo, boolean, checkCreate, checkUpdate, createdAt, date, datetime,
  decimal, defineModel, fromWire, hasMany, hasOne, id, instantiate, int, int8, list, object, oneOf, string, toJsonSchema,
  toWire, updatedAt, uuid } from '@typestead/entity'`

describe('the bundle', () => {
  it.each([
    ['of what a small page needs', smallPage, 10.6],
    ['of what a page needs', page, 11.45],
    ['of everything', `export * from '@typestead/entity'`, 15.85],
  ])('%s is small and imports nothing but Zod', async (_, program, kilobytes) => {
    const code = await bundle(program, 'module')
    expect(code.match(/from\s*["'`][^"'`]+["'`]/g)).toEqual(['from"zod"'])
    expect(code).not.toMatch(/node:|\bBuffer\b|\bprocess\.|\brequire\(/)
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(kilobytes * 1024)
  })

  it('runs where there is no Node', async () => {
    const code = await bundle(
      `import { Entity, bytes, checkCreate, defineModel, id, string, toWire } from '@typestead/entity'
class User extends Entity('User', { id: id(), email: string().email(), photo: bytes() }) {}
const meta = defineModel({ User }).meta(User)
const values = checkCreate(meta, { email: 'a@b.co', photo: 'AQI=' })
export const photo = toWire(meta.fields.get('photo').definition, values.photo)
export const key = values.id`,
      'script',
    )
    // What of the web's globals the package uses.
    const web = { atob, btoa, crypto, structuredClone, URL }
    const result = runInNewContext(`${code};program`, web)
    expect(result.photo).toBe('AQI=')
    expect(result.key).toMatch(/^[0-9a-f-]{36}$/)
  })
})
