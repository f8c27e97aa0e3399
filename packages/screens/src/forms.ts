/** Forms and tables from an entity's descriptor: plain data of `describe(model)`, accepted by its shape. */
export { type ColumnsOptions, columnsOf } from './forms/columns.ts'
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
  type Issue,
} from './forms/form.ts'
export { FormNode, type RelationOption, type RelationSource } from './forms/form-node.ts'
export { FormView, type FormViewProps } from './forms/form-view.ts'
