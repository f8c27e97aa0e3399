/** What one request may ask for. All of it is judged before any query of the store is made. */
export interface Limits {
  /** Bytes of a request's body; more is refused with 413 while it is still being read. */
  readonly bodyBytes: number
  /** Milliseconds until a body must be there; then it is refused with 408. */
  readonly bodyMilliseconds: number
  /** Tokens of a document. */
  readonly tokens: number
  /** Fields inside fields; introspection has a limit of its own of 20. */
  readonly depth: number
  /** Fields that are renamed, fragments counted where they are spread. */
  readonly aliases: number
  /** Fields of Query or Mutation in one operation. */
  readonly rootFields: number
  /** Fields in all, fragments counted where they are spread. */
  readonly fields: number
  /** Rows that the document may make, the limits of nested lists multiplied. */
  readonly cost: number
  /** Rows that one list may be asked for. */
  readonly first: number
  /** What a list counts that is asked for without a size: of a query, and inside other rows. */
  readonly listEstimate: number
  readonly nestedListEstimate: number
  /** Parsed and validated documents that are kept. */
  readonly documents: number
  /** Requests that one body may hold as a list; 0 refuses lists. */
  readonly batch: number
  /** Bytes of answers that may wait for a slow reader of a subscription before it is cut off. */
  readonly bufferBytes: number
  /** Operations under way on one WebSocket. */
  readonly operations: number
}

export const defaultLimits: Limits = {
  bodyBytes: 1_000_000,
  bodyMilliseconds: 30_000,
  tokens: 50_000,
  depth: 15,
  aliases: 100,
  rootFields: 50,
  fields: 2000,
  cost: 20_000,
  first: 1000,
  listEstimate: 100,
  nestedListEstimate: 10,
  documents: 500,
  batch: 0,
  bufferBytes: 1_000_000,
  operations: 100,
}
