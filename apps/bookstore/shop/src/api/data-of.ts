/** The type of a document's answer, by the schema of the shop's API. */
import type { Client } from '@typestead/graphql/client'
import type { Schema } from './schema.ts'

/** The client whose answers and variables are typed by the text of each document. */
export type ShopClient = Client<Schema>

/** What `client.request(document)` answers. */
export type DataOf<D extends string> = Awaited<ReturnType<typeof request<D>>>

/** Only its type is used. */
declare function request<const D extends string>(document: D): ReturnType<typeof client.request<D>>
declare const client: ShopClient
