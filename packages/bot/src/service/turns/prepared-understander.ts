/**
 * An understander that makes a version ready at its first sentence in this process, where `build` or `publish` did not do it
 * here. Only the latest of them are remembered; a version that is asked to be made ready again is ready already.
 */
import type { BotModel } from '../../model/bot-model.ts'
import type { PrepareOptions, Understander } from '../../understanding/understanding.ts'

const capacity = 256

export class PreparedUnderstander implements Understander {
  readonly #inner: Understander
  readonly #ready = new Map<string, Promise<void>>()

  constructor(inner: Understander) {
    this.#inner = inner
  }

  async understand(request: Parameters<Understander['understand']>[0]) {
    const { model, version } = request
    await (this.#ready.get(`${version} ${model.hash}`) ?? this.prepare(model, { version }))
    return this.#inner.understand(request)
  }

  prepare(model: BotModel, options: PrepareOptions): Promise<void> {
    const key = `${options.version} ${model.hash}`
    const ready = (async () => this.#inner.prepare?.(model, options))()
    this.#ready.set(key, ready)
    ready.catch(() => this.#ready.delete(key))
    for (const oldest of this.#ready.keys()) {
      if (this.#ready.size <= capacity) break
      this.#ready.delete(oldest)
    }
    return ready
  }

  /** As the inner one says; true where it can't tell. */
  has(vocabulary: string): boolean {
    return this.#inner.has?.(vocabulary) ?? true
  }

  async forget(bot: string, version: string): Promise<void> {
    await this.#inner.forget?.(bot, version)
  }
}
