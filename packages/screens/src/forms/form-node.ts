/**
 * One field of a form: what stands in its control, what is wrong with it, whether the user has changed it. Values that
 * arrive while the user edits don't overwrite what they typed: they are kept as a conflict, for them to decide.
 */
import { cell, computed } from '../cell.ts'
import type { Cell, Readable } from '../stream.ts'
import { checkValue } from './check-value.ts'
import { type ControlKind, controlOf, type FieldShape, labelOf } from './descriptor.ts'
import { fromText, toText } from './field-text.ts'

export type Path = readonly (string | number)[]

/** What a field gives to be sent: a value, nothing (it is left out), or it is wrong and says so. */
export type Given = { readonly value: unknown } | 'nothing' | 'wrong'

export interface NodeOptions {
  readonly name: string
  readonly path: Path
  readonly label?: string
  readonly description?: string | undefined
  readonly required: boolean
  readonly readonly: boolean
  readonly nullable: boolean
}

export abstract class FormNode {
  readonly name: string
  readonly path: Path
  readonly label: string
  readonly description: string | undefined
  readonly required: boolean
  readonly readonly: boolean
  readonly nullable: boolean
  /** A whole sentence. */
  readonly error: Cell<string | undefined> = cell<string | undefined>(undefined)
  /** What the value has become elsewhere while the user edited it here. */
  readonly conflict: Cell<{ readonly value: unknown } | undefined> = cell<
    { readonly value: unknown } | undefined
  >(undefined)
  abstract readonly dirty: Readable<boolean>

  constructor(options: NodeOptions) {
    this.name = options.name
    this.path = options.path
    this.label = options.label ?? labelOf(options.name)
    this.description = options.description
    this.required = options.required
    this.readonly = options.readonly
    this.nullable = options.nullable
  }

  /** Checks, sets errors, and gives the value. */
  abstract give(): Given
  /** Puts a value in, as the one that was there before any edit. */
  abstract write(value: unknown): void
  /** Parts that have names of their own, for errors by path. */
  parts(): readonly FormNode[] {
    return []
  }

  /** A value from elsewhere: taken when the user has not changed this field. */
  receive(value: unknown): void {
    const edited = this.dirty.peek()
    if (!edited) this.write(value)
    this.conflict.set(edited && !this.holds(value) ? { value } : undefined)
  }

  /** The user takes the value from elsewhere. */
  takeConflict(): void {
    const conflict = this.conflict.peek()
    if (conflict === undefined) return
    this.write(conflict.value)
    this.conflict.set(undefined)
  }

  /** Whether this value was there before the edit, or is what the user has entered. */
  protected abstract holds(value: unknown): boolean

  protected wrong(message: string): 'wrong' {
    this.error.set(`${this.label} ${message}`)
    return 'wrong'
  }
}

/** A field with one control, whose state is text. */
export class ScalarNode extends FormNode {
  readonly control: ControlKind
  readonly text: Cell<string>
  readonly dirty: Readable<boolean>
  readonly field: FieldShape
  /** Left out when it is empty: it has a default, or is a secret that stays. */
  readonly #emptyIsNothing: boolean
  readonly #base: Cell<string>

  constructor(field: FieldShape, options: NodeOptions, value: unknown, emptyIsNothing: boolean) {
    super(options)
    this.field = field
    const control = controlOf(field)
    // A checkbox has no third state.
    this.control = control === 'checkbox' && options.nullable ? 'select' : control
    const text = this.#textOf(value)
    this.text = cell(text)
    this.#base = cell(text)
    this.dirty = computed(() => this.text.value !== this.#base.value)
    this.#emptyIsNothing = emptyIsNothing
  }

  /** What a select offers. */
  get choices(): readonly { readonly value: string; readonly label: string }[] {
    if (this.field.type === 'boolean') {
      return [
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ]
    }
    return (this.field.values ?? []).map((value) => ({ value, label: labelOf(value) }))
  }

  give(): Given {
    this.error.set(undefined)
    const text = this.text.peek()
    if (this.control === 'checkbox') return { value: text === 'true' }
    if (text === '' || (text.trim() === '' && this.field.type !== 'text')) return this.#giveEmpty()
    if (this.field.type === 'boolean') return { value: text === 'true' }
    const parsed = fromText(this.field, text)
    if ('message' in parsed) return this.wrong(parsed.message)
    const problem = checkValue(this.field.schema, parsed.value)
    return problem === undefined ? parsed : this.wrong(problem)
  }

  #giveEmpty(): Given {
    if (this.required) return this.wrong('is required')
    if (this.#emptyIsNothing) return 'nothing'
    if (this.nullable) return { value: null }
    if (this.field.type !== 'text') return this.wrong('is required')
    const problem = checkValue(this.field.schema, '')
    return problem === undefined ? { value: '' } : this.wrong(problem)
  }

  write(value: unknown): void {
    const text = this.#textOf(value)
    this.text.set(text)
    this.#base.set(text)
    this.error.set(undefined)
  }

  protected holds(value: unknown): boolean {
    const text = this.#textOf(value)
    return text === this.#base.peek() || text === this.text.peek()
  }

  #textOf(value: unknown): string {
    // A secret is never shown; a checkbox is off where there is no value.
    if (this.field.secret) return ''
    return this.control === 'checkbox' ? String(value === true) : toText(this.field, value)
  }
}

/** One row of another entity, as a picker offers it. */
export interface RelationOption {
  readonly key: unknown
  readonly label: string
}

/** Where a picker finds rows. */
export interface RelationSource {
  /** The rows that fit the text, best first; a few dozen at most. */
  search(text: string, signal: AbortSignal): Promise<readonly RelationOption[]>
  /** How a row that is already chosen is called. */
  labelOf?(key: unknown, signal: AbortSignal): Promise<string>
}

/** A row of another entity that is belonged to; its state is the key. */
export class RelationNode extends FormNode {
  readonly source: RelationSource | undefined
  readonly chosen: Cell<RelationOption | undefined>
  readonly dirty: Readable<boolean>
  readonly #base: Cell<RelationOption | undefined>

  constructor(options: NodeOptions, value: unknown, source: RelationSource | undefined) {
    super(options)
    this.source = source
    const option = optionOf(value)
    this.chosen = cell(option)
    this.#base = cell(option)
    this.dirty = computed(() => !sameKey(this.chosen.value?.key, this.#base.value?.key))
  }

  give(): Given {
    this.error.set(undefined)
    const { key } = this.chosen.peek() ?? {}
    if (key !== undefined) return { value: key }
    return this.required ? this.wrong('is required') : { value: null }
  }

  write(value: unknown): void {
    const option = optionOf(value)
    this.chosen.set(option)
    this.#base.set(option)
    this.error.set(undefined)
  }

  protected holds(value: unknown): boolean {
    const key = optionOf(value)?.key
    return sameKey(key, this.#base.peek()?.key) || sameKey(key, this.chosen.peek()?.key)
  }
}

/** A key, a reference such as `{ id }`, a loaded row, or an option. */
function optionOf(value: unknown): RelationOption | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value !== 'object') return { key: value, label: String(value) }
  const { key, label, id, title, name } = value as Readonly<Record<string, unknown>>
  if (key !== undefined && typeof label === 'string') return { key, label }
  const word = [title, name, id].find((one) => typeof one === 'string' || typeof one === 'number')
  return { key: id ?? value, label: String(word ?? JSON.stringify(value)) }
}

function sameKey(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b)
}
