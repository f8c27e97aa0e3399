import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyApp } from './app-copy.ts'
import { ask, problem, signIn } from './ask.ts'
import { startShop, typestead } from './shop.ts'
import { stores } from './stores.ts'

/** What a user of the shop writes to add a property: one line. */
const before = '    lastName: string().trim().max(80).nullable(),\n'
const line = '    nickname: string().trim().max(40).nullable(),\n'

/** The shop's sizes, and those of a small one. */
const fewerRows = [
  '{ users: 2000, authors: 500, books: 3000, reviews: 10_000, posts: 2000, orders: 5000 }',
  '{ users: 40, authors: 20, books: 40, reviews: 40, posts: 40, orders: 40 }',
] as const

describe.each(stores)('one property more, on $name', ({ name, available, open }) => {
  it.skipIf(!available)(
    `is one line, a plan and a migration; the API follows and old rows stay (${name})`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'property-'))
      try {
        await using store = await open()
        using copy = copyApp(join(folder, 'shop'))
        if (store.slow) copy.edit('seed/seed.ts', ...fewerRows)
        const data = join(folder, 'data')
        const options = { app: copy.folder, data, env: store.env }
        const args = ['--app', copy.folder]
        const oldUser = await withShop(options, async (shop) => {
          const made = await ask(shop, createUser(''), { data: user })
          return made.data.createUser
        })
        expect(oldUser.email).toBe(user.email)

        copy.edit('entities/user.ts', before, before + line)
        const refused = await typestead(['start', ...args], options)
        expect([refused.code, refused.output]).toEqual([3, expect.stringContaining('nickname')])

        const plan = await typestead(['plan', ...args], options)
        expect(plan.code).toBe(0)
        for (const told of store.planTells) expect(plan.output).toMatch(told)

        const migrated = await typestead(['db', 'migrate', ...args], options)
        expect([migrated.code, migrated.output]).toEqual([0, expect.any(String)])
        const after = await typestead(['plan', '--check', ...args], options)
        expect(after.code).toBe(0)

        await withShop(options, async (shop) => {
          const query =
            'query ($id: ID!) { User(id: $id) { id email firstName nickname createdAt } }'
          const found = await ask(shop, query, { id: oldUser.id })
          expect(found.data.User).toEqual({ ...oldUser, nickname: null })
          const old = await ask(shop, '{ blogPosts { id } users { totalCount } }')
          expect(old.data.blogPosts).toHaveLength(store.slow ? 40 : 2000)
          expect(old.data.users.totalCount).toBe(old.data.blogPosts.length + 1)

          const cookie = await signIn(shop, user.email, user.password)
          const update =
            'mutation ($id: ID!, $data: UserUpdateInput!) { updateUser(id: $id, data: $data) { nickname } }'
          const change = { id: oldUser.id, data: { nickname: 'Bird' } }
          const updated = await ask(shop, update, change, { cookie })
          expect(updated.data.updateUser).toEqual({ nickname: 'Bird' })
          const tooLong = { id: oldUser.id, data: { nickname: 'x'.repeat(41) } }
          expect(problem(await ask(shop, update, tooLong, { cookie }))[1]).toBe('BAD_INPUT')
          const byName = '{ users(where: { nickname: { eq: "Bird" } }) { totalCount } }'
          expect((await ask(shop, byName)).data.users.totalCount).toBe(1)
          const made = await ask(shop, createUser('nickname'), {
            data: { ...user, email: 'new@example.com', nickname: 'Owl' },
          })
          expect(made.data.createUser.nickname).toBe('Owl')
        })
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      }
    },
  )
})

const user = { email: 'old@example.com', firstName: 'Old', password: 'correct horse' }

function createUser(field: string): string {
  return `mutation ($data: UserCreateInput!) { createUser(data: $data) { id email firstName createdAt ${field} } }`
}

type ShopOptions = NonNullable<Parameters<typeof startShop>[0]>
type Shop = Awaited<ReturnType<typeof startShop>>

async function withShop<R>(options: ShopOptions, work: (shop: Shop) => Promise<R>): Promise<R> {
  await using shop = await startShop(options)
  return await work(shop)
}
