/** `@typestead/graphql/client`: a typed client without code generation; needs neither graphql-js nor a store. */
export {
  type CallOptions,
  type Client,
  ClientError,
  type ClientErrorEntry,
  type ClientOptions,
  createClient,
} from './client/client.ts'
export type { DataOf, NoSuchField, VariablesOf } from './client/document-types.ts'
