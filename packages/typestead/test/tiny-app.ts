/** A small app in a temporary folder, for tests: users that sign in, posts, an API; PostgreSQL in its data folder. */
import {
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workspaceRoot } from '../src/config/data-folder.ts'

export interface TinyApp extends Disposable {
  readonly folder: string
  write(file: string, text: string): void
  read(file: string): string
  /** Replaces a piece of a file, which must be there. */
  edit(file: string, from: string, to: string): void
}

const modules = join(workspaceRoot(import.meta.dirname) ?? '', 'node_modules')

export function tinyApp(files: Readonly<Record<string, string>> = tinyFiles): TinyApp {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tiny-app-')))
  symlinkSync(modules, join(folder, 'node_modules'))
  const app: TinyApp = {
    folder,
    write: (file, text) => writeFileSync(join(folder, file), text),
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    edit(file, from, to) {
      const text = app.read(file)
      if (!text.includes(from)) throw new Error(`${file} has no "${from}"`)
      app.write(file, text.replace(from, to))
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
  for (const [file, text] of Object.entries(files)) app.write(file, text)
  return app
}

const model = `
import { belongsTo, createdAt, current, defineModel, Entity, hasMany, id, oneOf, string, when } from '@typestead/entity'
import { Session } from 'typestead'
export class User extends Entity('User', {
  id: id(),
  email: string().email().unique(),
  name: string(),
  password: string().min(8).secret(),
  role: oneOf('admin', 'reader').default('reader'),
  createdAt: createdAt(),
  get posts() { return hasMany(Post, 'author') },
}) {}
export class Post extends Entity('Post', {
  id: id(),
  title: string().max(200),
  get author() { return belongsTo(User) },
}, {
  allow: { read: true, create: true, update: [when({ role: 'admin' }), { author: current('userId') }], delete: when({ role: 'admin' }) },
}) {}
export const model = defineModel({ User, Post, Session })
`

const config = `
import { changed, graphql } from '@typestead/graphql'
import { defineConfig, hashPassword } from 'typestead'
import { model, Post, User } from './model.ts'
export default defineConfig({
  name: 'Tiny',
  model,
  secrets: ['ADMIN_PASSWORD'],
  async seed(db, { progress, secrets }) {
    const password = await hashPassword(secrets.get('ADMIN_PASSWORD'))
    const ann = await db.create(User, { email: 'ann@example.com', name: 'Ann', role: 'admin', password })
    for (let part = 0; part < 10; part++) {
      await db.createMany(Post, Array.from({ length: 20 }, (_, at) => ({ title: 'Post ' + (part * 20 + at), author: ann.id })))
      progress(part + 1, 10, 'posts')
      if (process.env.SEED_PAUSE) await new Promise((resolve) => setTimeout(resolve, Number(process.env.SEED_PAUSE)))
    }
  },
  api: (db, app) => graphql(db, {
    expose: [User, Post],
    subscriptions: { postChanged: changed(Post) },
    context: (request) => ({ current: { ...app.current(request) } }),
  }),
  signIn: { user: User, login: 'email', password: 'password', role: 'role' },
})
`

export const tinyFiles: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "tiny", "type": "module" }',
  'model.ts': model,
  'typestead.config.ts': config,
}
