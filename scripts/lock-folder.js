/**
 * One process at a time in a folder: `<folder>/.lock` is a folder (made atomically) that names its owner's process id.
 * A lock whose owner is gone is moved aside by one of those who wait, then removed; a torn one (no owner yet) counts
 * as held until it is a minute old, and any until it is an hour old (process ids are given out again after a restart).
 */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const minute = 60_000
/** Waits for the lock; dispose to give it back. `onWait` is called once, when somebody else has it. */
export async function lockFolder(folder, onWait) {
  const lock = join(folder, '.lock')
  await mkdir(folder, { recursive: true })
  let told = false
  while (!(await take(lock))) {
    if (await isAbandoned(lock)) {
      await moveAside(lock)
      continue
    }
    if (!told) onWait()
    told = true
    await sleep(250)
  }
  return { [Symbol.asyncDispose]: () => rm(lock, { recursive: true, force: true }) }
}
async function take(lock) {
  try {
    await mkdir(lock)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
  await writeFile(join(lock, 'owner'), String(process.pid))
  return true
}
async function isAbandoned(lock) {
  const since = await lockedSince(lock)
  if (since === undefined) return false
  const owner = await ownerOf(lock)
  const held = owner === undefined ? minute : isAlive(owner) ? 60 * minute : 0
  return Date.now() - since >= held
}
/** When the lock was taken, milliseconds since 1970; undefined when nobody holds it any more. */
async function lockedSince(lock) {
  try {
    return (await stat(lock)).mtimeMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
async function ownerOf(lock) {
  try {
    const owner = Number(await readFile(join(lock, 'owner'), 'utf8'))
    return owner > 0 ? owner : undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
/** The rename is won by one process only, so a lock taken meanwhile by another is never removed with it. */
async function moveAside(lock) {
  const aside = `${lock}.${process.pid}.${Date.now()}`
  try {
    await rename(lock, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  await rm(aside, { recursive: true, force: true })
}
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
