/** Forms and tables from an entity's descriptor: plain data of `describe(model)`, accepted by its shape. */
export { type ColumnsOptions, columnsOf } from './forms/columns.ts'
export { ListNode, ObjectNode } from './forms/composite-node.ts'
export {
  entityOf,
  type FieldShape,
  type FormEntity,
  type FormModel,
  labelOf,
  type RelationShape,
  type Schema,
} from './forms/descriptor.ts'
export {
  createForm,
  type EntityForm,
  type FormOptions,
  type FormValues,
} from './forms/form.ts'
export type { Issue } from './forms/form-issues.ts'
export {
  FormNode,
  RelationNode,
  type RelationOption,
  type RelationSource,
  ScalarNode,
} from './forms/form-node.ts'
export { FormView, type FormViewProps } from './forms/form-view.ts'
