import { describe, expect, test } from 'vitest'
import { withParents } from './access-probe.ts'
import { chooseRunAs, commandAs, fileOwner, type Probe, parseRunAs, type RunAs } from './run-as.ts'

const root = { uid: 0, gid: 0 }
const nobody: RunAs = { way: 'user', uid: 65534, gid: 65534 }
const namespace: RunAs = { way: 'namespace' }
const open: Probe = async () => undefined
const closed: Probe = async () => '/root is closed to it'
const closedToNobody: Probe = async (runAs) =>
  runAs.way === 'user' ? '/root is closed to it' : undefined

describe('chooseRunAs', () => {
  test('root: nobody where it reaches everything, else a namespace', async () => {
    expect(await chooseRunAs(root, undefined, open)).toEqual(nobody)
    expect(await chooseRunAs(root, undefined, closedToNobody)).toEqual(namespace)
  })

  test('root: where neither works, the error names the folder', async () => {
    await expect(chooseRunAs(root, undefined, closed)).rejects.toMatchObject({
      code: 'EMBEDDED_FOLDER_CLOSED',
      message: expect.stringMatching(
        /user 65534: \/root is closed.*namespace: \/root is closed.*chmod o\+x/,
      ),
    })
  })

  test('root: a recorded way is kept, though another would work', async () => {
    expect(await chooseRunAs(root, namespace, open)).toEqual(namespace)
    const theirs: RunAs = { way: 'user', uid: 1000, gid: 1000 }
    expect(await chooseRunAs(root, theirs, open)).toEqual(theirs)
    await expect(chooseRunAs(root, nobody, closedToNobody)).rejects.toThrow(/made that way/)
  })

  test('anyone else: as themselves, on their own clusters', async () => {
    const caller = { uid: 1000, gid: 100 }
    const own: RunAs = { way: 'user', ...caller }
    expect(await chooseRunAs(caller, undefined, closed)).toEqual(own)
    expect(await chooseRunAs(caller, own, closed)).toEqual(own)
    await expect(chooseRunAs(caller, nobody, open)).rejects.toThrow(/user 65534.*Run as root/)
    await expect(chooseRunAs(caller, namespace, open)).rejects.toThrow(/user 0.*Run as root/)
  })

  test('Windows: as the process itself', async () => {
    expect(await chooseRunAs(undefined, undefined, closed)).toEqual({ way: 'process' })
  })
})

describe('commandAs', () => {
  test('as another user: by uid', () => {
    const command = { file: 'postgres', args: ['-D', 'x'], uid: 65534, gid: 65534 }
    expect(commandAs(nobody, 'postgres', ['-D', 'x'], 0)).toEqual(command)
  })

  test('as oneself: plainly', () => {
    const command = { file: 'postgres', args: [] }
    expect(commandAs({ way: 'user', uid: 7, gid: 7 }, 'postgres', [], 7)).toEqual(command)
    expect(commandAs({ way: 'process' }, 'postgres', [], undefined)).toEqual(command)
  })

  test('in a namespace: by unshare, which becomes the program', () => {
    expect(commandAs(namespace, '/bin/postgres', ['-D', 'x'], 0)).toEqual({
      file: 'unshare',
      args: ['--user', '--map-user=65534', '--map-group=65534', '--', '/bin/postgres', '-D', 'x'],
    })
  })
})

test('a recorded way reads back; anything else is none', () => {
  for (const runAs of [nobody, namespace, { way: 'process' }] as const) {
    expect(parseRunAs(JSON.parse(JSON.stringify(runAs)))).toEqual(runAs)
  }
  for (const other of [
    null,
    'user',
    {},
    { way: 'magic' },
    { way: 'user' },
    { way: 'user', uid: '1', gid: 1 },
  ]) {
    expect(parseRunAs(other)).toBeUndefined()
  }
})

test('files belong to root in a namespace, as seen from outside', () => {
  expect(fileOwner(namespace)).toEqual(root)
  expect(fileOwner(nobody)).toMatchObject({ uid: 65534 })
  expect(fileOwner({ way: 'process' })).toBeUndefined()
})

test('withParents lists the folders from the root down', () => {
  expect(withParents('/a/b/c')).toEqual(['/', '/a', '/a/b', '/a/b/c'])
  expect(withParents('/')).toEqual(['/'])
})
