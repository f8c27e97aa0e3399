/**
 * Operations that are sent by a name: those that an application registers, and those that callers registered by their
 * SHA-256 (Apollo's automatic persisted queries, https://www.apollographql.com/docs/apollo-server/performance/apq).
 */
import { createHash } from 'node:crypto'
import type { GraphQLRequest } from './answer.ts'
import { ApiError } from './api-error.ts'

export interface PersistedOptions {
  /** Documents by their names, or a list of documents whose names are their SHA-256 in hexadecimal. */
  readonly operations?: Readonly<Record<string, string>> | readonly string[]
  /** Everything else is refused. */
  readonly only?: boolean
  /** Callers register documents themselves; never with `only`. */
  readonly automatic?: boolean
}

const mostAutomatic = 1000
const longestAutomatic = 32_768

export class PersistedOperations {
  readonly #known = new Map<string, string>()
  readonly #automatic = new Map<string, string>()
  readonly #options: PersistedOptions

  constructor(options: PersistedOptions = {}) {
    this.#options = options
    const { operations = {} } = options
    const entries = Array.isArray(operations)
      ? operations.map((text: string) => [sha256(text), text] as const)
      : Object.entries(operations as Readonly<Record<string, string>>)
    for (const [name, text] of entries) this.#known.set(name, text)
  }

  /**
   * The request with its document.
   * @throws {ApiError} `PERSISTED_QUERY_NOT_FOUND`, `PERSISTED_ONLY`, `BAD_INPUT`
   */
  resolve(request: GraphQLRequest): GraphQLRequest {
    const name = request.documentId ?? hashIn(request.extensions)
    if (name === undefined || name === null) {
      if (!this.#options.only) return request
      // A registered document may also be sent in full.
      if (this.#known.has(sha256(request.query))) return request
      throw new ApiError('PERSISTED_ONLY', 'only registered operations are answered here')
    }
    const hash = name.startsWith('sha256:') ? name.slice('sha256:'.length) : name
    const known = this.#known.get(hash) ?? this.#known.get(name) ?? this.#recall(hash)
    if (known !== undefined) {
      if (request.query !== '' && request.query !== known) throw mismatch()
      return { ...request, query: known }
    }
    if (request.query === '' || this.#options.only || !this.#options.automatic) {
      // Clients of Apollo's protocol look for this very text.
      throw new ApiError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
    }
    if (sha256(request.query) !== hash) throw mismatch()
    this.#remember(hash, request.query)
    return request
  }

  #recall(hash: string): string | undefined {
    const text = this.#automatic.get(hash)
    if (text !== undefined) {
      this.#automatic.delete(hash)
      this.#automatic.set(hash, text)
    }
    return text
  }

  #remember(hash: string, text: string): void {
    if (text.length > longestAutomatic) return
    if (this.#automatic.size >= mostAutomatic) {
      const oldest = this.#automatic.keys().next()
      if (!oldest.done) this.#automatic.delete(oldest.value)
    }
    this.#automatic.set(hash, text)
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hashIn(extensions: GraphQLRequest['extensions']): string | undefined {
  const persisted = extensions?.persistedQuery
  if (typeof persisted !== 'object' || persisted === null) return undefined
  const { version, sha256Hash } = persisted as Readonly<Record<string, unknown>>
  if (version !== 1 || typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256Hash)) {
    throw new ApiError('BAD_INPUT', 'extensions.persistedQuery needs version 1 and a sha256Hash')
  }
  return sha256Hash.toLowerCase()
}

function mismatch(): ApiError {
  return new ApiError('BAD_INPUT', 'the document is not the one of this name')
}
