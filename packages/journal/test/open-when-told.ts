/** A thread that opens a journal in an SQLite file in the moment it is told to, and says how many messages wait, or what went wrong. */
import { parentPort, workerData } from 'node:worker_threads'
import { openJournal, sqlite } from '../src/index.ts'

const { path, told } = workerData as { path: string; told: Int32Array<SharedArrayBuffer> }
parentPort?.postMessage('ready')
Atomics.wait(told, 0, 0)
try {
  await using journal = await openJournal(sqlite(path))
  parentPort?.postMessage(await journal.inspect.queues())
} catch (error) {
  parentPort?.postMessage(String(error))
}
