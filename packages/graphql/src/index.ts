/** Entities served as GraphQL: see the README of this package. */
export type { GraphQLRequest } from './answer.ts'
export {
  ApiError,
  type ApiErrorCode,
  type ApiErrorDetails,
  DeclarationError,
  type FieldProblem,
} from './api-error.ts'
export type { Context, RequestContext } from './context.ts'
export type { ErrorReport } from './error-format.ts'
export type { GraphiqlOptions } from './graphiql.ts'
export { type Api, type ApiOptions, type ExecuteOptions, graphql } from './graphql.ts'
export { defaultLimits, type Limits } from './limits.ts'
export {
  type All,
  all,
  type Changed,
  type ChangedOptions,
  type Connection,
  type Create,
  type CreateOptions,
  type Custom,
  changed,
  connection,
  create,
  type InputFields,
  type InputOptions,
  type List,
  type ListOptions,
  list,
  mutation,
  type One,
  type OneOptions,
  type Operation,
  one,
  query,
  type Remove,
  type RemoveMany,
  type RemoveOptions,
  remove,
  removeMany,
  type SizedListOptions,
  type Target,
  type Update,
  type UpdateMany,
  type UpdateOptions,
  type Upsert,
  type UpsertOptions,
  update,
  updateMany,
  upsert,
} from './operation.ts'
export type { PersistedOptions } from './persisted.ts'
export type { PlanEntry } from './plan-log.ts'
export { type Declarations, schemaOf } from './schema.ts'
export { type ApiChange, schemaChanges } from './schema-changes.ts'
export type { ArgumentDefinition, ArgumentDefinitions, ArgumentsOf, ValueOf } from './type-text.ts'
export {
  type Choice,
  type Computed,
  choice,
  computed,
  type FieldName,
  type InterfaceOfViews,
  interfaceOf,
  type Resolved,
  resolved,
  type Shape,
  type Shown,
  type ShownOptions,
  shape,
  show,
  type UnionOfViews,
  unionOf,
  type View,
  type ViewField,
  type ViewOptions,
  view,
} from './view.ts'
