import { accessSync, chownSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyApp } from './app-copy.ts'
import { ask } from './ask.ts'
import { type Shop, startShop, workspace } from './shop.ts'

const isRoot = process.getuid?.() === 0
/** A user that owns nothing here. */
const somebody = 54_321

describe('the shop starts', () => {
  it('from a deep path in a folder that others cannot read, its data beside it', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'closed-'))
    expect(statSync(closed).mode & 0o077).toBe(0)
    const folder = join(
      closed,
      ...Array.from({ length: 12 }, (_, at) => `a rather deep folder ${at}`),
    )
    mkdirSync(folder, { recursive: true })
    try {
      using copy = copyApp(join(folder, 'shop'))
      const data = join(copy.folder, '.typestead')
      // An empty value counts as none: the data folder is then the one beside the config.
      await using shop = await startShop({ app: copy.folder, data, env: { TYPESTEAD_DATA: '' } })
      await answers(shop)
      expect(statSync(join(data, 'secrets.json')).mode & 0o777).toBe(0o600)
    } finally {
      rmSync(closed, { recursive: true, force: true, maxRetries: 5 })
    }
  })

  describe.skipIf(!isRoot)('when tests run as root', () => {
    it('as root', async () => {
      await using shop = await startShop()
      await answers(shop)
    })

    it.skipIf(!isOpen(workspace))('as a user who is not root, in the same checkout', async () => {
      const data = mkdtempSync(join(tmpdir(), 'somebody-'))
      chownSync(data, somebody, somebody)
      try {
        await using shop = await startShop({ data, uid: somebody, env: { HOME: data } })
        await answers(shop)
        expect(statSync(join(data, 'postgres')).uid).toBe(somebody)
        expect(await shop.stop()).toBe(0)
      } finally {
        rmSync(data, { recursive: true, force: true, maxRetries: 5 })
      }
    })
  })
})

async function answers(shop: Shop): Promise<void> {
  const { data } = await ask(shop, '{ accountsUser(email: "admin@bookstore.example") { name } }')
  expect(data).toEqual({ accountsUser: { name: 'Ada Admin' } })
}

/** Whether a user who owns nothing can read what lies there. */
function isOpen(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
  } catch {
    // Not even we can.
    return false
  }
  for (let at = folder; at !== '/'; at = join(at, '..')) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false
  }
  return true
}
