import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedFolder, openFolder } from './embedded-folder.ts'
import { lockFolder, tryLockFolder } from './folder-mutex.ts'

let folder: EmbeddedFolder

beforeEach(async () => {
  folder = await openFolder(await mkdtemp(join(tmpdir(), 'store-mutex-')))
})
afterEach(() => rm(folder.data, { recursive: true }))

describe('the mutex of a folder', () => {
  test('has one holder at a time, in one process too', async () => {
    const first = await lockFolder(folder)
    expect(tryLockFolder(folder)).toBeUndefined()
    const events: string[] = []
    const second = lockFolder(folder).then((held) => {
      events.push('locked')
      return held
    })
    events.push('given back')
    first[Symbol.dispose]()
    const held = await second
    expect(events).toEqual(['given back', 'locked'])
    held[Symbol.dispose]()
  })

  test('is free again after a failure under it', async () => {
    const fail = async () => {
      using _mutex = await lockFolder(folder)
      throw new Error('under the mutex')
    }
    await expect(fail()).rejects.toThrow('under the mutex')
    tryLockFolder(folder)?.[Symbol.dispose]()
  })

  test('says who to ask when patience ends', async () => {
    using _mutex = await lockFolder(folder)
    await expect(lockFolder(folder, { patience: 20 })).rejects.toMatchObject({
      code: 'EMBEDDED_BUSY',
      message: expect.stringContaining(folder.lock),
    })
  })

  test('is not waited for after an abort', async () => {
    using _mutex = await lockFolder(folder)
    const signal = AbortSignal.timeout(20)
    await expect(lockFolder(folder, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('in a folder that is gone is an error with its name', async () => {
    const gone = { ...folder, mutex: join(folder.data, 'gone', 'postgres.mutex') }
    expect(() => tryLockFolder(gone)).toThrow(
      expect.objectContaining({ code: 'EMBEDDED_FOLDER_CLOSED' }),
    )
  })
})
