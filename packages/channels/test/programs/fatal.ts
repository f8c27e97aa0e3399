/** Main misuses a lock. */
import { Mutex, run } from '../../src/core.ts'

await run(() => new Mutex().unlock())
