/**
 * Types of answers and variables, inferred from a document's text and the schema's. Only types: nothing of this runs, and the schema's
 * text need not be at hand when the program runs. Types are looked up in the schema's text as they are needed.
 */

/** The answer's data; `unknown` for documents with fragments, which no type is inferred for. */
export type DataOf<S extends string, D extends string> = string extends D
  ? unknown
  : D extends `${string}...${string}`
    ? unknown
    : ParseDocument<Tokens<D>> extends [infer Root extends string, infer F]
      ? ObjectOf<S, Root, F>
      : unknown

/** The variables that a document declares. */
export type VariablesOf<S extends string, D extends string> = string extends D
  ? Readonly<Record<string, unknown>>
  : D extends `${infer Head}{${string}`
    ? Head extends `${string}(${infer V})${string}`
      ? InputOf<S, Trim<Commas<Lines<V>>>>
      : {}
    : {}

type Lines<T extends string> = T extends `${infer A}\n${infer B}` ? Lines<`${A} ${B}`> : T
type Trim<T extends string> = T extends ` ${infer R}` | `${infer R} ` ? Trim<R> : T
type Commas<T extends string> = T extends `${infer A},${infer B}` ? Commas<`${A} ${B}`> : T

/** `$a: Int $b: [ID!]! = 1` or `a: Int b: ID!` as an object; what may be null may be left out. */
type InputOf<S extends string, T extends string> = Merge<Entries<T>, S>

type Entries<T extends string, Acc = {}> = T extends `${infer Name}:${infer Rest}`
  ? Trim<Rest> extends `${infer Type} ${infer More}`
    ? Entries<AfterDefault<Trim<More>>, Acc & { readonly [K in Plain<Name>]: Type }>
    : Acc & { readonly [K in Plain<Name>]: Trim<Rest> }
  : Acc

type AfterDefault<T extends string> = T extends `= ${string} ${infer R}` | `=${string} ${infer R}`
  ? Trim<R>
  : T
type Plain<T extends string> = Trim<T> extends `$${infer N}` ? Trim<N> : Trim<T>

type Merge<E, S extends string> = {
  readonly [K in keyof E as E[K] extends `${string}!` ? K : never]: InputValue<S, E[K] & string>
} & {
  readonly [K in keyof E as E[K] extends `${string}!` ? never : K]?: InputValue<S, E[K] & string>
}

type InputValue<S extends string, T extends string> = T extends `${infer R}!`
  ? InputPresent<S, R>
  : InputPresent<S, T> | null

type InputPresent<S extends string, T extends string> = T extends `[${infer I}]`
  ? readonly InputValue<S, I>[]
  : T extends keyof Scalars
    ? Scalars[T]
    : S extends `${string}input ${T} {\n${infer Body}\n}${string}`
      ? InputOf<S, Trim<Lines<Body>>>
      : EnumOf<S, T>

interface Scalars {
  readonly ID: string
  readonly String: string
  readonly Int: number
  readonly Float: number
  readonly Boolean: boolean
  readonly DateTime: string
  readonly Date: string
  readonly Decimal: string
  readonly BigInt: string
  readonly Bytes: string
  readonly JSON: unknown
}

type EnumOf<
  S extends string,
  T extends string,
> = S extends `${string}enum ${T} {\n${infer Body}\n}${string}` ? Words<Trim<Lines<Body>>> : unknown

type Words<T extends string, Acc = never> = T extends `${infer A} ${infer B}`
  ? Words<Trim<B>, Acc | A>
  : Acc | T

/** The document as words: arguments taken out, braces apart. */
type Tokens<D extends string> = Split<Apart<Bare<Commas<Lines<D>>>>>

type Bare<T extends string> = T extends `${infer A}(${string})${infer B}` ? Bare<`${A} ${B}`> : T
type Apart<T extends string, Acc extends string = ''> = T extends `${infer A}{${infer B}`
  ? A extends `${string}}${string}`
    ? Apart<`{${B}`, `${Acc}${Close<A>}`> extends infer R
      ? R
      : never
    : Apart<B, `${Acc}${A} { `>
  : `${Acc}${Close<T>}`
type Close<T extends string, Acc extends string = ''> = T extends `${infer A}}${infer B}`
  ? Close<B, `${Acc}${A} } `>
  : `${Acc}${T}`
type Split<T, Acc extends string[] = []> = T extends ` ${infer R}`
  ? Split<R, Acc>
  : T extends `${infer A} ${infer B}`
    ? Split<B, [...Acc, A]>
    : T extends ''
      ? Acc
      : [...Acc, T & string]

type Roots = {
  readonly query: 'Query'
  readonly mutation: 'Mutation'
  readonly subscription: 'Subscription'
}

type ParseDocument<T extends string[]> = T extends ['{', ...infer R extends string[]]
  ? ['Query', ParseSet<R>[0]]
  : T extends [infer K extends keyof Roots, ...infer R extends string[]]
    ? [Roots[K], ParseSet<AfterHead<R>>[0]]
    : never
type AfterHead<T extends string[]> = T extends ['{', ...infer R extends string[]]
  ? R
  : T extends [string, ...infer R extends string[]]
    ? AfterHead<R>
    : []

/** `[fields by response key, the words behind]`; a field is `[name, its own fields, whether it may be left out]`. */
type ParseSet<T extends string[], Acc = {}> = T extends ['}', ...infer R extends string[]]
  ? [Acc, R]
  : T extends [`${infer K}:`, infer N extends string, ...infer R extends string[]]
    ? ParseField<K, N, R, Acc>
    : T extends [`${infer K}:${infer N}`, ...infer R extends string[]]
      ? ParseField<K, N, R, Acc>
      : T extends [infer N extends string, ...infer R extends string[]]
        ? ParseField<N, N, R, Acc>
        : [Acc, []]
type ParseField<
  K extends string,
  N extends string,
  T extends string[],
  Acc,
  Maybe = false,
> = T extends ['@skip' | '@include', ...infer R extends string[]]
  ? ParseField<K, N, R, Acc, true>
  : T extends ['{', ...infer R extends string[]]
    ? ParseSet<R> extends [infer F, infer Behind extends string[]]
      ? ParseSet<Behind, Acc & { readonly [P in K]: [N, F, Maybe] }>
      : never
    : ParseSet<T, Acc & { readonly [P in K]: [N, null, Maybe] }>

type ObjectOf<
  S extends string,
  T extends string,
  F,
> = S extends `${string}type ${T} {${infer Body}\n}${string}`
  ? {
      readonly [K in keyof F]: F[K] extends [infer N extends string, infer Sub, infer Maybe]
        ? FieldValue<S, T, `${Body}\n`, N, Sub> | (Maybe extends true ? undefined : never)
        : never
    }
  : unknown

type FieldValue<
  S extends string,
  T extends string,
  Body extends string,
  N extends string,
  Sub,
> = N extends '__typename'
  ? T
  : Body extends `${string}\n  ${N}: ${infer Type}\n${string}`
    ? OutputValue<S, BareType<Type>, Sub>
    : Body extends `${string}\n  ${N}(${string}): ${infer Type}\n${string}`
      ? OutputValue<S, BareType<Type>, Sub>
      : NoSuchField<T, N>

/** What the editor shows in place of a value, for a field that the type does not have. */
export interface NoSuchField<T extends string, N extends string> {
  readonly 'there is no field': `${T}.${N}`
}

type BareType<T extends string> = T extends `${infer A} @${string}` ? A : T

type OutputValue<S extends string, T extends string, Sub> = T extends `${infer R}!`
  ? OutputPresent<S, R, Sub>
  : OutputPresent<S, T, Sub> | null
type OutputPresent<S extends string, T extends string, Sub> = T extends `[${infer I}]`
  ? readonly OutputValue<S, I, Sub>[]
  : T extends keyof Scalars
    ? Scalars[T]
    : Sub extends null
      ? EnumOf<S, T>
      : ObjectOf<S, T, Sub>
