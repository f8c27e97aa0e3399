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
  type Connection,
  type Create,
  type CreateOptions,
  type Custom,
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
  type RemoveOptions,
  remove,
  type SizedListOptions,
  type Target,
  type Update,
  type UpdateOptions,
  update,
} from './operation.ts'
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
  type Resolved,
  resolved,
  type Shape,
  type Shown,
  type ShownOptions,
  shape,
  show,
  type View,
  type ViewField,
  type ViewOptions,
  view,
} from './view.ts'
