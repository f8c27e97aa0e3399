/** Calls to the workbench. Failures are `ServerError`s with the server's own words. */
import { type CallOptions, RestManager } from '@typestead/screens/managers'
import { serverError } from './server-error.ts'

export class ServerManager extends RestManager {
  /** `path` is under `/_typestead`. @throws {ServerError} */
  async ask<T>(path: string, options: CallOptions = {}): Promise<T> {
    try {
      return await this.call<T>(`/_typestead${path}`, options)
    } catch (error) {
      throw serverError(error)
    }
  }

  /** An answer that is text, such as the schema. @throws {ServerError} */
  async text(path: string, signal: AbortSignal): Promise<string> {
    try {
      const response = await fetch(`/_typestead${path}`, { signal })
      if (response.ok) return await response.text()
    } catch (error) {
      if (signal.aborted) throw error
    }
    // Asked for again as JSON, for the words of the error.
    return this.ask<string>(path, { signal })
  }
}
