/**
 * One statement with parameters, as the driver's queue takes it. Against the driver's own query it saves what each call costs: a
 * statement that is prepared on its connection is described there once, so that later answers are rows and nothing else.
 */
import type pg from 'pg'
import { typeParsers } from './parsers.ts'
import type { Statement } from './select.ts'

type Parser = (text: string) => unknown
type Done = (error: unknown, rows?: unknown[][]) => void

/** What is used of the driver's connection (pg 8, lib/connection.js). */
interface Wire {
  readonly stream: { cork(): void; uncork(): void }
  /** The texts of named statements that the server has, and of those that it was sent. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>
  readonly submittedNamedStatements: Record<string, string>
  parse(statement: { readonly name: string; readonly text: string }): void
  bind(values: { readonly statement: string; readonly values: readonly (string | null)[] }): void
  describe(portal: { readonly type: 'P'; readonly name: '' }): void
  execute(portal: { readonly portal: '' }): void
  sync(): void
  sendCopyFail(reason: string): void
}

/** How the columns of a connection's named statements are read; a new connection describes them anew. */
const described = new WeakMap<Wire, Map<string, readonly Parser[]>>()

export class RowsQuery implements pg.Submittable {
  /** The driver notes by these that the server has the statement. */
  readonly name: string | undefined
  readonly text: string
  /** Set by the driver. */
  callback: Done | undefined
  readonly #values: Statement['values']
  readonly #rows: unknown[][] = []
  #parsers: readonly Parser[] | undefined
  #wire: Wire | undefined
  #failure: unknown

  /** Without a name it is not kept on the server. */
  constructor({ text, values }: Statement, name?: string) {
    this.text = text
    this.name = name
    this.#values = values
  }

  submit(connection: pg.Connection): void {
    // The driver's type declarations leave out most of what connections have.
    const wire = connection as unknown as Wire
    const { name = '' } = this
    this.#wire = wire
    this.#parsers = this.name === undefined ? undefined : described.get(wire)?.get(name)
    wire.stream.cork()
    if (
      this.name === undefined ||
      (wire.parsedStatements[name] ?? wire.submittedNamedStatements[name]) === undefined
    ) {
      wire.parse({ name, text: this.text })
      if (this.name !== undefined) wire.submittedNamedStatements[name] = this.text
      this.#parsers = undefined
    }
    wire.bind({ statement: name, values: this.#values })
    if (!this.#parsers) wire.describe({ type: 'P', name: '' })
    wire.execute({ portal: '' })
    wire.sync()
    wire.stream.uncork()
  }

  handleRowDescription({ fields }: { readonly fields: readonly { dataTypeID: number }[] }): void {
    this.#describe(
      fields.map(({ dataTypeID }) => typeParsers.getTypeParser(dataTypeID) as unknown as Parser),
    )
  }

  handleDataRow({ fields }: { readonly fields: unknown[] }): void {
    const parsers = this.#parsers ?? []
    try {
      for (let index = 0; index < fields.length; index++) {
        const cell = fields[index]
        if (cell !== null) fields[index] = parsers[index]?.(cell as string)
      }
    } catch (error) {
      this.#failure ??= error
    }
    this.#rows.push(fields)
  }

  handleCommandComplete(): void {
    // A statement that gives no rows is not described.
    if (!this.#parsers) this.#describe([])
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.callback?.(null, this.#rows)
    else this.callback?.(this.#failure)
  }

  handleError(error: unknown): void {
    this.callback?.(error)
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleCopyInResponse(connection: pg.Connection): void {
    // As above.
    const wire = connection as unknown as Wire
    wire.sendCopyFail('rows are not copied by a query')
  }

  handleCopyData(): void {}

  #describe(parsers: readonly Parser[]): void {
    this.#parsers = parsers
    if (!this.#wire || this.name === undefined) return
    const known = described.get(this.#wire) ?? new Map<string, readonly Parser[]>()
    described.set(this.#wire, known.set(this.name, parsers))
  }
}
