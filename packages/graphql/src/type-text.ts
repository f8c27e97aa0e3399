/** Types written as GraphQL writes them (`'String!'`, `'[Post!]!'`), and what TypeScript knows of their values. */

interface Scalars {
  readonly ID: string
  readonly String: string
  readonly Int: number
  readonly Float: number
  readonly Boolean: boolean
  readonly DateTime: Date
  readonly Date: string
  readonly Decimal: string
  readonly BigInt: bigint
  readonly JSON: unknown
  readonly Bytes: Uint8Array
}

/** The value that an argument of the type `S` has; types of the application are `unknown`. */
export type ValueOf<S extends string> = S extends `${infer T}!`
  ? Present<T>
  : Present<S> | null | undefined

type Present<S extends string> = S extends `[${infer I}]`
  ? ValueOf<I>[]
  : S extends keyof Scalars
    ? Scalars[S]
    : unknown

/** An argument or input field: its type, or the type with a default or a description. */
export type ArgumentDefinition =
  | string
  | { readonly type: string; readonly default?: unknown; readonly description?: string }

export type ArgumentDefinitions = Readonly<Record<string, ArgumentDefinition>>

/** The arguments that a resolver of these definitions gets. */
export type ArgumentsOf<A extends ArgumentDefinitions> = {
  readonly [K in keyof A]: A[K] extends string
    ? ValueOf<A[K]>
    : A[K] extends { readonly type: infer S extends string; readonly default: unknown }
      ? Exclude<ValueOf<S>, undefined>
      : A[K] extends { readonly type: infer S extends string }
        ? ValueOf<S>
        : never
}
