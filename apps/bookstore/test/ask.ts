/** Requests to the shop as browsers and programs send them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Shop } from './shop.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes, each stated by the expectation.
  readonly data: any
  readonly errors?: readonly {
    readonly message: string
    readonly extensions: Readonly<Record<string, unknown>>
  }[]
}

export interface Caller {
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer to a GraphQL request. A caller with a cookie sends our Origin, as a browser does. */
export async function ask(
  shop: Pick<Shop, 'url' | 'api'>,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  { cookie, headers = {} }: Caller = {},
): Promise<Answer> {
  const response = await fetch(shop.api, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(cookie === undefined ? {} : { cookie, origin: shop.url }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  return { status: response.status, text, ...JSON.parse(text) }
}

/** The first error's text and code. */
export function problem({ errors }: Answer): readonly [string | undefined, unknown] {
  return [errors?.[0]?.message, errors?.[0]?.extensions.code]
}

export type DemoUser = 'admin' | 'reader'

export function demoPassword({ data }: Pick<Shop, 'data'>, user: DemoUser): string {
  const secrets = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8'))
  return secrets[`BOOKSTORE_${user.toUpperCase()}_PASSWORD`]
}

/** Signs in; what a browser would send as its cookie from then on. */
export async function signIn(shop: Shop, login: string, password: string): Promise<string> {
  const response = await fetch(`${shop.url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  if (response.status !== 201) throw new Error(`sign-in said ${response.status}`)
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

export function signInAs(shop: Shop, user: DemoUser): Promise<string> {
  return signIn(shop, `${user}@bookstore.example`, demoPassword(shop, user))
}
