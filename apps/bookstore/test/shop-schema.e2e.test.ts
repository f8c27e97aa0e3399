import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { schemaModule } from '../shop/write-schema.ts'
import { appFolder, typestead } from './shop.ts'

test('the schema by which the pages are typed is the one that is served', async () => {
  const data = await mkdtemp(join(tmpdir(), 'bookstore-schema-'))
  try {
    const { code, output } = await typestead(['graphql', 'schema', '--app', appFolder], { data })
    expect(code).toBe(0)
    const written = readFileSync(join(appFolder, 'shop/src/api/schema.ts'), 'utf8')
    // Written anew by: typestead graphql schema --app apps/bookstore | node apps/bookstore/shop/write-schema.ts
    expect(written).toBe(schemaModule(output))
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
