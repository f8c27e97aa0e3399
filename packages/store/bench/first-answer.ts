/**
 * Makes a cluster in a new folder, opens a store in it and asks it one question; prints what that took since this process
 * began, modules included. Stopping the server and removing the folder is not counted.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Repetition } from '../../../bench/measure.ts'
import { embedded, open } from '../src/index.ts'
import { model, User } from './library.ts'

const data = await mkdtemp(join(tmpdir(), 'typestead-bench-start-'))
try {
  await using db = await open(model, embedded({ data }))
  const users = await db.find(User, { first: 1 })
  const milliseconds = performance.now()
  const { user, system } = process.cpuUsage()
  const repetition: Repetition = {
    operations: 1,
    cpuNs: (user + system) * 1000,
    wallNs: Math.round(milliseconds * 1e6),
    answer: JSON.stringify(users),
    figures: { seconds: milliseconds / 1000 },
  }
  process.stdout.write(`${JSON.stringify(repetition)}\n`)
} finally {
  await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
