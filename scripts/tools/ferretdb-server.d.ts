export interface FerretDBServer extends AsyncDisposable {
  /** `127.0.0.1:port`. It loses one of two updates of a document that come by two connections: use one at a time. */
  readonly address: string
  /** Stops it; its data stay. */
  stop(): Promise<void>
  /** Starts it again over the same data, on the same port. */
  restart(): Promise<void>
}
/** @throws {Error} when FerretDB is not installed, or ends before it listens; the message has what it said */
export declare function startFerretDB(): Promise<FerretDBServer>
