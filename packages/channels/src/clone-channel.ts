/** A channel that passes structured clones: what the sender does to a value afterwards is not seen. */
import { Channel } from './channel.ts'

export class CloneChannel<T> extends Channel<T> {
  override send(value: T): Promise<void> {
    try {
      return super.send(structuredClone(value))
    } catch (reason) {
      return Promise.reject(reason)
    }
  }

  override trySend(value: T): boolean {
    return super.trySend(structuredClone(value))
  }

  override copied(value: T): T {
    return structuredClone(value)
  }
}
