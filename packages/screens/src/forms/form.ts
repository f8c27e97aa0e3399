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
import { type Issue, isStale, issuesOf, messageOf, sentenceOf } from './form-issues.ts'
import { type FormNode, type NodeOptions, RelationNode, type RelationSource } from './form-node.ts'

export interface FormOptions {
  readonly entity: FormEntity
  /** The row to change; without it the form creates one. */
  readonly row?: Readonly<Record<string, unknown>>
  /** Values of a new row that are filled in already. */
  readonly initial?: Readonly<Record<string, unknown>>
  /**
   * Sends the values: of a new row all, of another what was changed. `version` is the row's optimistic lock, where the
   * entity has one. An error goes to the fields that it names (`issues` of Standard Schema and `@typestead/entity`,
   * `fields` of a store or an API, errors of a GraphQL answer), any other to the head of the form. A row that it answers
   * with is what is there now.
   */
  readonly submit: (values: FormValues, signal: AbortSignal, version: unknown) => Promise<unknown>
  /** Reads the row anew after a save that came too late (`STALE`): what differs from what was entered shows both. */
  readonly reload?: (signal: AbortSignal) => Promise<Readonly<Record<string, unknown>>>
  readonly relations?: Readonly<Record<string, RelationSource>>
  /** Labels by field, where the name is not what people say. */
  readonly labels?: Readonly<Record<string, string>>
  /** Fields that are not shown. */
  readonly omit?: readonly string[]
}

/** Values as in JSON, by field. */
export type FormValues = Readonly<Record<string, unknown>>

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
  /** The row's optimistic lock as it was last read; undefined where the entity has none. */
  readonly version: unknown
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
  let base = valuesAtFirst(options)
  let sending: AbortController | undefined

  function collect(): FormValues | undefined {
    const values: Record<string, unknown> = {}
    let wrong = false
    for (const node of nodes) {
      for (const one of all([node])) one.error.set(undefined)
      // An update leaves alone what was not changed, right or wrong.
      if (node.readonly || (row !== undefined && !node.dirty.peek())) continue
      const given = node.give()
      if (given === 'wrong') wrong = true
      else if (given !== 'nothing') values[node.name] = given.value
    }
    return wrong ? undefined : values
  }

  function setIssues(issues: readonly Issue[]): void {
    const others: string[] = []
    for (const { path = [], message } of issues) {
      const keys = path.map((part) => (typeof part === 'object' ? part.key : part))
      // An API's path begins with the argument that the fields stand in.
      const node = nodeAt(nodes, keys) ?? nodeAt(nodes, keys.slice(1))
      if (node === undefined) {
        others.push(keys.length === 0 ? message : sentenceOf(keys.map(String).join('.'), message))
      } else node.error.set(sentenceOf(node.label, message))
    }
    failure.set(others.length === 0 ? undefined : others.join(' '))
  }

  function receive(next: Readonly<Record<string, unknown>>): void {
    base = { ...base, ...next }
    for (const node of nodes) if (node.name in next) node.receive(next[node.name])
  }

  /** What was sent is there now, with what the answer says of the row. */
  function settle(values: FormValues, answer: unknown): void {
    const known = new Set([...nodes.map(({ name }) => name), entity.lock])
    const row = typeof answer === 'object' && answer !== null ? Object.entries(answer) : []
    base = { ...base, ...values, ...Object.fromEntries(row.filter(([name]) => known.has(name))) }
    for (const node of nodes) node.write(base[node.name])
    for (const node of all(nodes)) node.conflict.set(undefined)
  }

  async function fail(error: unknown, signal: AbortSignal): Promise<void> {
    const issues = issuesOf(error)
    if (issues !== undefined) setIssues(issues)
    else failure.set(messageOf(error))
    if (options.reload === undefined || !isStale(error)) return
    try {
      receive(await options.reload(signal))
      failure.set(
        'Somebody else has changed this meanwhile: look at what is new below, then save again.',
      )
    } catch (worse) {
      failure.set(`${messageOf(error)} What is new could not be read: ${messageOf(worse)}`)
    }
  }

  const versionOf = () => (entity.lock === undefined ? undefined : base[entity.lock])

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
        settle(values, await options.submit(values, controller.signal, versionOf()))
        return true
      } catch (error) {
        await fail(error, controller.signal)
        return false
      } finally {
        submitting.set(false)
        flush()
      }
    },
    get version() {
      return versionOf()
    },
    reset() {
      failure.set(undefined)
      for (const node of nodes) node.write(base[node.name])
      for (const node of all(nodes)) node.conflict.set(undefined)
    },
    receive,
    setIssues,
    abort: () => sending?.abort(),
  }
}

/** Of a row what it has, of a new one what is filled in already. */
function valuesAtFirst({ entity, row, initial }: FormOptions): Readonly<Record<string, unknown>> {
  const defaults = entity.fields.flatMap(({ name, default: given }) =>
    given !== undefined && 'value' in given ? [[name, given.value] as const] : [],
  )
  return row ?? { ...Object.fromEntries(defaults), ...initial }
}

/** The fields that this form shows, in the order of the entity. */
function nodesOf(options: FormOptions): readonly FormNode[] {
  const { entity, row, relations = {}, labels = {}, omit = [] } = options
  const creates = row === undefined
  const values = valuesAtFirst(options)
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
      // A row keeps its key.
      readonly: !creates && (shape.readonly || entity.key.includes(shape.name)),
      nullable: shape.nullable,
    }
    return node
  }
  const fields = entity.fields
    .filter(({ name }) => !hidden.has(name) && (!creates || taken.has(name)))
    .map((field) => {
      const kept = !creates && field.secret
      const shape = common(field)
      // A secret stays when it is left empty, and a checkbox is always one or the other.
      const asked = kept || field.type === 'boolean' ? { ...shape, required: false } : shape
      return makeNode(field, asked, values[field.name], kept || field.default !== undefined)
    })
  const links = entity.relations
    .filter(({ kind, name }) => kind === 'belongsTo' && !hidden.has(name))
    .map(
      (relation) =>
        new RelationNode(common(relation), values[relation.name], relations[relation.name]),
    )
  return [...fields, ...links]
}

function nodeAt(nodes: readonly FormNode[], path: readonly PropertyKey[]): FormNode | undefined {
  const [first, ...rest] = path
  const node = nodes.find(({ path: own }) => String(own.at(-1)) === String(first))
  return node === undefined ? undefined : (nodeAt(node.parts(), rest) ?? node)
}

function all(nodes: readonly FormNode[]): readonly FormNode[] {
  return nodes.flatMap((node) => [node, ...all(node.parts())])
}
