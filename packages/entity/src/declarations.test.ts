/** Declarations of a file that exports entity classes must emit, and mean the same to those who import them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { compile, installDeclarations } from '../bench/check-types.ts'

const folder = mkdtempSync(join(tmpdir(), 'typestead-declarations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** @throws {Error} with what the compiler said */
async function compileWith(config: object): Promise<void> {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await compile('-p', folder, '--pretty', 'false')
}

const strict = { target: 'esnext', module: 'nodenext', strict: true, skipLibCheck: true, types: [] }
const sources = { allowImportingTsExtensions: true, rewriteRelativeImportExtensions: true }

const users = `import { Entity, hasMany, id, object, oneOf, string, int8 } from '@typestead/entity'
import { Post } from './posts.ts'
export class User extends Entity('User', {
  id: id(),
  email: string().email().unique(),
  password: string().secret(),
  role: oneOf('admin', 'reader').default('reader'),
  size: int8().nullable(),
  address: object({ city: string(), note: string().nullable() }).nullable(),
  get posts() { return hasMany(Post, 'author') },
}) {
  get initial() { return this.email.slice(0, 1) }
}
`
const posts = `import { Entity, belongsTo, defineModel, id, string } from '@typestead/entity'
import { User } from './users.ts'
export class Post extends Entity('Post', {
  id: id(),
  title: string(),
  get author() { return belongsTo(User) },
}) {}
export const model = defineModel({ User, Post })
`
const consumer = `import type { CreateInput, Where } from '@typestead/entity'
import { User } from './types/users.js'
import { model } from './types/posts.js'
const role: 'admin' | 'reader' = new User().role
const size: bigint | null = new User().size
const initial: string = new User().initial
const title: string | undefined = new User().posts?.[0]?.title
const create: CreateInput<typeof User> = { email: 'a', password: 'b', address: { city: 'x' } }
const where: Where<typeof User> = { posts: { some: { author: { role: 'admin' } } } }
// @ts-expect-error a secret is no filter
const secret: Where<typeof User> = { password: 'x' }
// @ts-expect-error no such field
new User().nickname
export const all = [role, size, initial, title, create, where, secret, model.entities.Post]
`

it('declarations emit and mean the same', async () => {
  await installDeclarations(folder)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  for (const [name, text] of Object.entries({ users, posts, consumer })) {
    writeFileSync(join(folder, `${name}.ts`), text)
  }
  await compileWith({
    compilerOptions: {
      ...strict,
      ...sources,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: 'types',
      rootDir: '.',
    },
    files: ['users.ts', 'posts.ts'],
  })
  expect(readFileSync(join(folder, 'types', 'users.d.ts'), 'utf8')).toContain('declare class User')
  await compileWith({
    compilerOptions: { ...strict, ...sources, noEmit: true },
    files: ['consumer.ts'],
  })
}, 60_000)
