/**
 * A form from an entity's descriptor: its fields, checks and labels follow the entity; a field added there is here
 * without another edit. Create sends what is entered; update sends what was changed. Errors of the store come to the
 * field they name.
 */
import { cell, computed } from '../cell.ts'
import { flush } from '../reactive-graph.ts'
import type { Cell, Readable } from '../stream.ts'
import { makeNode } from './composite-node.ts'
import type { FieldShape, FormEntity } from './descriptor.ts'
import { type FormNode, type NodeOptions, RelationNode, type RelationSource } from './form-node.ts'

export interface FormOptions {
  readonly entity: FormEntity
  /** The row to change; without it the form creates one. */
  readonly row?: Readonly<Record<string, unknown>>
  /** Values of a new row that are filled in already. */
  readonly initial?: Readonly<Record<string, unknown>>
  /**
   * Sends the values. An error that has `issues` (as Standard Schema and `@typestead/entity` have) goes to the fields,
   * any other to the head of the form.
   */
  readonly submit: (values: FormValues, signal: AbortSignal) => Promise<unknown>
  readonly relations?: Readonly<Record<string, RelationSource>>
  /** Labels by field, where the name is not what people say. */
  readonly labels?: Readonly<Record<string, string>>
  /** Fields that are not shown. */
  readonly omit?: readonly string[]
}

/** Values as in JSON, by field. */
export type FormValues = Readonly<Record<string, unknown>>

export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export interface EntityForm {
  readonly entity: FormEntity
  readonly creates: boolean
  readonly nodes: readonly FormNode[]
  /** Something differs from what was there. */
  readonly dirty: Readable<boolean>
  readonly submitting: Readable<boolean>
  /** What is wrong with no field in particular. */
  readonly failure: Readable<string | undefined>
  /** Fields that are wrong now, with what is inside them. */
  readonly wrong: Readable<readonly FormNode[]>
  /** Checks and sends. False when something is wrong, or it is being sent already. */
  submit(): Promise<boolean>
  /** Back to what was there. */
  reset(): void
  /** The row as it has become elsewhere: fields the user has not touched follow. */
  receive(row: Readonly<Record<string, unknown>>): void
  setIssues(issues: readonly Issue[]): void
  /** Stops a submit that is under way. */
  abort(): void
}

export function createForm(options: FormOptions): EntityForm {
  const { entity, row } = options
  const nodes = nodesOf(options)
  const submitting = cell(false)
  const failure: Cell<string | undefined> = cell<string | undefined>(undefined)
  let base: Readonly<Record<string, unknown>> = row ?? options.initial ?? {}
  let sending: AbortController | undefined

  function collect(): FormValues | undefined {
    const values: Record<string, unknown> = {}
    let wrong = false
    for (const node of nodes) {
      if (node.readonly) continue
      const given = node.give()
      if (given === 'wrong') wrong = true
      // An update leaves alone what was not changed.
      else if (given !== 'nothing' && (row === undefined || node.dirty.peek())) {
        values[node.name] = given.value
      }
    }
    return wrong ? undefined : values
  }

  function setIssues(issues: readonly Issue[]): void {
    const others: string[] = []
    for (const { path = [], message } of issues) {
      const keys = path.map((part) => (typeof part === 'object' ? part.key : part))
      const node = nodeAt(nodes, keys)
      if (node === undefined) others.push(message)
      else node.error.set(message)
    }
    failure.set(others.length === 0 ? undefined : others.join(' '))
  }

  return {
    entity,
    creates: row === undefined,
    nodes,
    dirty: computed(() => nodes.some(({ dirty }) => dirty.value)),
    submitting: submitting.readonly(),
    failure: failure.readonly(),
    wrong: computed(() => all(nodes).filter(({ error }) => error.value !== undefined)),
    async submit() {
      if (submitting.peek()) return false
      failure.set(undefined)
      const values = collect()
      flush()
      if (values === undefined) return false
      submitting.set(true)
      const controller = new AbortController()
      sending = controller
      try {
        await options.submit(values, controller.signal)
        const now = { ...base, ...values }
        base = now
        for (const node of nodes) node.write(now[node.name])
        return true
      } catch (error) {
        const issues = issuesOf(error)
        if (issues !== undefined) setIssues(issues)
        else failure.set(error instanceof Error ? error.message : String(error))
        return false
      } finally {
        submitting.set(false)
        flush()
      }
    },
    reset() {
      failure.set(undefined)
      for (const node of nodes) node.write(base[node.name])
    },
    receive(next) {
      base = next
      for (const node of nodes) if (node.name in next) node.receive(next[node.name])
    },
    setIssues,
    abort: () => sending?.abort(),
  }
}

/** The fields that this form shows, in the order of the entity. */
function nodesOf(options: FormOptions): readonly FormNode[] {
  const { entity, row, relations = {}, labels = {}, omit = [] } = options
  const creates = row === undefined
  const values = row ?? options.initial ?? {}
  const hidden = new Set([...omit, entity.lock, entity.softDelete, entity.tenant])
  const schema = entity.createSchema
  const taken = new Set(Object.keys((schema.properties ?? {}) as object)) // a JSON Schema of an object
  const needed = new Set(Array.isArray(schema.required) ? schema.required : [])
  const common = (shape: Pick<FieldShape, 'name' | 'description' | 'nullable' | 'readonly'>) => {
    const label = labels[shape.name]
    const node: NodeOptions = {
      name: shape.name,
      path: [shape.name],
      ...(label === undefined ? {} : { label }),
      description: shape.description,
      required: creates ? needed.has(shape.name) : !shape.nullable,
      readonly: !creates && shape.readonly,
      nullable: shape.nullable,
    }
    return node
  }
  const fields = entity.fields
    .filter(({ name }) => !hidden.has(name) && (!creates || taken.has(name)))
    .map((field) => {
      const given = values[field.name] ?? (creates ? defaultOf(field) : undefined)
      const kept = !creates && field.secret
      const shape = { ...common(field), ...(kept ? { required: false } : {}) }
      // A text that may be empty is not asked for.
      const asked = field.type === 'boolean' ? { ...shape, required: false } : shape
      return makeNode(field, asked, given, kept || field.default !== undefined)
    })
  const links = entity.relations
    .filter(({ kind, name }) => kind === 'belongsTo' && !hidden.has(name))
    .map(
      (relation) =>
        new RelationNode(common(relation), values[relation.name], relations[relation.name]),
    )
  return [...fields, ...links]
}

function defaultOf(field: FieldShape): unknown {
  return field.default !== undefined && 'value' in field.default ? field.default.value : undefined
}

function nodeAt(nodes: readonly FormNode[], path: readonly PropertyKey[]): FormNode | undefined {
  const [first, ...rest] = path
  const node = nodes.find(({ path: own }) => String(own.at(-1)) === String(first))
  return node === undefined ? undefined : (nodeAt(node.parts(), rest) ?? node)
}

function all(nodes: readonly FormNode[]): readonly FormNode[] {
  return nodes.flatMap((node) => [node, ...all(node.parts())])
}

/** The issues of an error, told by their shape. */
function issuesOf(error: unknown): readonly Issue[] | undefined {
  const issues: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'issues') : undefined
  return Array.isArray(issues) && issues.length > 0 ? (issues as readonly Issue[]) : undefined
}
