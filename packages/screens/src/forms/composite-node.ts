/** Fields with fields inside: an object, and a list of values or objects. */
import { cell, computed } from '../cell.ts'
import type { Cell, Readable } from '../stream.ts'
import { checkValue } from './check-value.ts'
import type { FieldShape } from './descriptor.ts'
import { FormNode, type Given, type NodeOptions, type Path, ScalarNode } from './form-node.ts'

/** A node for a field inside another, which has no rights of its own. */
export function nodeOf(field: FieldShape, path: Path, value: unknown, readonly = false): FormNode {
  const options: NodeOptions = {
    name: field.name,
    path,
    description: field.description,
    required: !field.nullable && field.default === undefined,
    readonly,
    nullable: field.nullable,
  }
  return makeNode(field, options, value, field.default !== undefined)
}

export function makeNode(
  field: FieldShape,
  options: NodeOptions,
  value: unknown,
  emptyIsNothing: boolean,
): FormNode {
  if (field.type === 'object') return new ObjectNode(field, options, value)
  if (field.type === 'list') return new ListNode(field, options, value)
  return new ScalarNode(field, options, value, emptyIsNothing)
}

export class ObjectNode extends FormNode {
  readonly children: readonly FormNode[]
  readonly dirty: Readable<boolean>

  constructor(field: FieldShape, options: NodeOptions, value: unknown) {
    super(options)
    this.children = (field.fields ?? []).map((part) =>
      nodeOf(part, [...options.path, part.name], partOf(value, part.name), options.readonly),
    )
    this.dirty = computed(() => this.children.some(({ dirty }) => dirty.value))
  }

  /** One that may be null is null while nothing is entered in it. */
  give(): Given {
    this.error.set(undefined)
    if (this.nullable && this.children.every(isEmpty)) {
      for (const child of this.children) child.error.set(undefined)
      return { value: null }
    }
    const given = this.children.map((child) => [child.name, child.give()] as const)
    if (given.some(([, one]) => one === 'wrong')) return 'wrong'
    return { value: Object.fromEntries(given.flatMap(([name, one]) => entryOf(name, one))) }
  }

  write(value: unknown): void {
    for (const child of this.children) child.write(partOf(value, child.name))
  }

  override receive(value: unknown): void {
    for (const child of this.children) child.receive(partOf(value, child.name))
  }

  override parts(): readonly FormNode[] {
    return this.children
  }

  protected holds(): boolean {
    return true // its parts answer for themselves
  }
}

export class ListNode extends FormNode {
  readonly items: Cell<readonly FormNode[]>
  readonly dirty: Readable<boolean>
  readonly #field: FieldShape
  readonly #base: Cell<string>
  /** Items are told apart by the node itself; their place is in `items`. */
  readonly #item: FieldShape

  constructor(field: FieldShape, options: NodeOptions, value: unknown) {
    super(options)
    this.#field = field
    // A list always says what its items are.
    this.#item = { ...(field.item as FieldShape), name: 'item' }
    this.items = cell(this.#nodesOf(value))
    this.#base = cell(JSON.stringify(value ?? []))
    this.dirty = computed(() => JSON.stringify(this.items.value.map(textOf)) !== this.#baseText())
  }

  /** An empty item at the end. */
  add(): FormNode {
    const node = nodeOf(this.#item, [...this.path, this.items.peek().length], undefined)
    this.items.update((items) => [...items, node])
    return node
  }

  remove(node: FormNode): void {
    this.items.update((items) => items.filter((one) => one !== node))
  }

  give(): Given {
    this.error.set(undefined)
    const items = this.items.peek()
    if (items.length === 0 && this.nullable) return { value: null }
    const given = items.map((item) => item.give())
    if (given.some((one) => one === 'wrong')) return 'wrong'
    const value = given.flatMap((one) => (typeof one === 'object' ? [one.value] : []))
    const problem = checkValue(this.#field.schema, value)
    return problem === undefined ? { value } : this.wrong(problem)
  }

  write(value: unknown): void {
    this.items.set(this.#nodesOf(value))
    this.#base.set(JSON.stringify(value ?? []))
    this.error.set(undefined)
  }

  override parts(): readonly FormNode[] {
    return this.items.peek()
  }

  protected holds(value: unknown): boolean {
    return JSON.stringify(value ?? []) === this.#base.peek()
  }

  #nodesOf(value: unknown): readonly FormNode[] {
    const values: readonly unknown[] = Array.isArray(value) ? value : []
    return values.map((one, at) => nodeOf(this.#item, [...this.path, at], one, this.readonly))
  }

  #baseText(): string {
    return JSON.stringify(this.#nodesOf(JSON.parse(this.#base.value)).map(textOf))
  }
}

function textOf(node: FormNode): unknown {
  if (node instanceof ScalarNode) return node.text.value
  if (node instanceof ObjectNode) return node.children.map(textOf)
  return node instanceof ListNode ? node.items.value.map(textOf) : undefined
}

function isEmpty(node: FormNode): boolean {
  if (node instanceof ScalarNode) {
    return node.control === 'checkbox' ? node.text.peek() !== 'true' : node.text.peek() === ''
  }
  return node.parts().every(isEmpty)
}

function entryOf(name: string, given: Given): readonly (readonly [string, unknown])[] {
  return typeof given === 'object' ? [[name, given.value]] : []
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
