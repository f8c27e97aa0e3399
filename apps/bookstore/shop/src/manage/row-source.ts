/**
 * Rows of an entity as its generated form and table need them: every field that the entity has now, by requests that are
 * made from the descriptor; changes go under the lock of the row's version.
 */
import type { FormEntity, FormValues } from '@typestead/screens/forms'
import type { ShopClient } from '../api/data-of.ts'

export type FormRow = Readonly<Record<string, unknown>>

export interface FormList {
  readonly rows: readonly FormRow[]
  readonly total: number
}

export class RowSource {
  readonly #client: ShopClient
  readonly entity: FormEntity
  readonly #one: string
  readonly #fields: string

  /** `relations` says what is asked of a row that is belonged to: `{ author: 'id name' }`. */
  constructor(client: ShopClient, entity: FormEntity, relations: Readonly<Record<string, string>>) {
    this.#client = client
    this.entity = entity
    this.#one = entity.name.charAt(0).toLowerCase() + entity.name.slice(1)
    const own = entity.fields.filter(({ secret }) => !secret).map(selectionOf)
    const links = Object.entries(relations).map(([name, fields]) => `${name} { ${fields} }`)
    this.#fields = [...own, ...links].join(' ')
  }

  /** Null where no row has the id. */
  async read(id: string, signal: AbortSignal): Promise<FormRow | null> {
    const document: string = `query ($id: ID!) { row: ${this.#one}(id: $id) { ${this.#fields} } }`
    return this.#ask(document, { id }, signal)
  }

  /** The first so many that fit, those changed last before others. */
  async list(where: FormRow, first: number, signal: AbortSignal): Promise<FormList> {
    const { name } = this.entity
    const document: string = `query ($where: ${name}Filter, $first: Int) { rows: ${this.#one}s(where: $where, orderBy: [{ updatedAt: DESC }], first: $first) { totalCount nodes { ${this.#fields} } } }`
    // As in #ask.
    const { rows } = (await this.#client.request(document, { where, first }, { signal })) as {
      readonly rows: { readonly totalCount: number; readonly nodes: readonly FormRow[] }
    }
    return { rows: rows.nodes, total: rows.totalCount }
  }

  async create(data: FormValues, signal: AbortSignal): Promise<FormRow | null> {
    const { name } = this.entity
    const document: string = `mutation ($data: ${name}CreateInput!) { row: create${name}(data: $data) { ${this.#fields} } }`
    return this.#ask(document, { data }, signal)
  }

  /** @throws {ClientError} `STALE` when the row has another version by now */
  async update(
    { id, version }: FormRow,
    data: FormValues,
    signal: AbortSignal,
  ): Promise<FormRow | null> {
    const { name } = this.entity
    const document: string = `mutation ($id: ID!, $data: ${name}UpdateInput!, $version: Int) { row: update${name}(id: $id, data: $data, version: $version) { ${this.#fields} } }`
    return this.#ask(document, { id, data, version }, signal)
  }

  async #ask(document: string, variables: FormRow, signal: AbortSignal): Promise<FormRow | null> {
    // No type is inferred for a text that is made while it runs; its one field is called row.
    const answer = (await this.#client.request(document, variables, { signal })) as {
      readonly row: FormRow | null
    }
    return answer.row
  }
}

function selectionOf({ name, fields }: FormEntity['fields'][number]): string {
  return fields === undefined ? name : `${name} { ${fields.map(selectionOf).join(' ')} }`
}
