/** What streams to a session, so that signing out ends it: rights that are gone must not go on answering. */
interface Stream {
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

export class SessionStreams {
  readonly #ofToken = new Map<string, Set<Stream>>()

  keep(token: string, stream: Stream): void {
    const streams = this.#ofToken.get(token) ?? new Set()
    this.#ofToken.set(token, streams.add(stream))
    stream.once('close', () => {
      streams.delete(stream)
      if (streams.size === 0) this.#ofToken.delete(token)
    })
  }

  end(token: string): void {
    for (const stream of this.#ofToken.get(token) ?? []) stream.destroy()
  }
}
