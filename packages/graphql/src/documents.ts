/** Documents parsed, measured and validated once, and kept: the least recently used ones give way. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { ApiError } from './api-error.ts'
import { splitDeferring } from './deferred.ts'
import { checkDocumentSize } from './document-measure.ts'
import { documentRules } from './document-rules.ts'
import type { Limits } from './limits.ts'

export interface PreparedDocument {
  /** Nothing in it is deferred. */
  readonly document: DocumentNode
  /** As it was written, where it defers something. */
  readonly deferring: DocumentNode | undefined
  readonly operations: readonly OperationDefinitionNode[]
}

/** Longer documents are not kept, so that the cache stays below some tens of megabytes. */
const longestKept = 32_768
const mostErrors = 20

export class Documents {
  readonly #schema: GraphQLSchema
  readonly #limits: Limits
  /** By whether introspection is allowed, then by text. */
  readonly #kept = {
    true: new Map<string, PreparedDocument>(),
    false: new Map<string, PreparedDocument>(),
  }

  constructor(schema: GraphQLSchema, limits: Limits) {
    this.#schema = schema
    this.#limits = limits
  }

  /**
   * The document, or why it is none that this schema answers.
   * @throws {ApiError} `GRAPHQL_PARSE_FAILED` or `TOO_COSTLY`
   */
  prepare(source: string, introspection: boolean): PreparedDocument | readonly GraphQLError[] {
    const documents = this.#kept[`${introspection}`]
    const kept = documents.get(source)
    if (kept) {
      documents.delete(source)
      documents.set(source, kept)
      return kept
    }
    const document = this.#parse(source)
    const errors = this.#validate(document, introspection)
    if (errors.length > 0) return errors
    const split = splitDeferring(document)
    const operations = split.document.definitions.filter(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION,
    )
    const prepared = { ...split, operations }
    if (source.length <= longestKept) this.#keep(documents, source, prepared)
    return prepared
  }

  #parse(source: string): DocumentNode {
    const { tokens } = this.#limits
    try {
      const document = parse(source, { maxTokens: tokens })
      checkDocumentSize(document, this.#limits)
      return document
    } catch (error) {
      if (error instanceof ApiError) throw error
      if (error instanceof RangeError) {
        throw new ApiError('TOO_COSTLY', 'the document is nested too deeply', { cause: error })
      }
      const syntax = error as GraphQLError
      if (/more tha[nt] \d+ tokens/.test(syntax.message)) {
        const text = `the document has more than ${tokens} tokens, which is not allowed`
        throw new ApiError('TOO_COSTLY', text, { cause: error })
      }
      const [at] = syntax.locations ?? []
      const place = at === undefined ? '' : ` at line ${at.line}, column ${at.column}`
      const text = syntax.message.replace(/^Syntax Error: /, '').replace(/\.$/, '')
      throw new ApiError('GRAPHQL_PARSE_FAILED', `Syntax Error: ${text}${place}`, { cause: error })
    }
  }

  #validate(document: DocumentNode, introspection: boolean): readonly GraphQLError[] {
    const options = { maxErrors: mostErrors }
    const errors = validate(this.#schema, document, documentRules(introspection), options)
    return errors.map(({ message, nodes, extensions }) => {
      // Where the schema may not be asked for, hints must not tell it either.
      const text = introspection ? message : message.replace(/ Did you mean [^?]*\?/g, '')
      return new GraphQLError(text, {
        nodes: nodes ?? null,
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...extensions },
      })
    })
  }

  #keep(
    documents: Map<string, PreparedDocument>,
    source: string,
    prepared: PreparedDocument,
  ): void {
    if (this.#limits.documents === 0) return
    if (documents.size >= this.#limits.documents) {
      const oldest = documents.keys().next()
      if (!oldest.done) documents.delete(oldest.value)
    }
    documents.set(source, prepared)
  }
}
