/**
 * Shows a form: every control has its label, hint and error tied to it, errors are announced, the first wrong field gets
 * the focus, and nothing but what changed is written while one types. Style it by its classes; it brings none.
 */
import { cell } from '../cell.ts'
import { append, type Child, Show } from '../dom/child.ts'
import { element } from '../dom/element.ts'
import { For } from '../dom/keyed-list.ts'
import { flush } from '../reactive-graph.ts'
import { ListNode, ObjectNode } from './composite-node.ts'
import { controlView } from './control-view.ts'
import { labelOf } from './descriptor.ts'
import type { EntityForm } from './form.ts'
import { type FormNode, RelationNode, ScalarNode } from './form-node.ts'
import { relationPicker } from './relation-picker.ts'

export interface FormViewProps {
  readonly form: EntityForm
  /** What the button says; "Create book" or "Save" by default. */
  readonly submitLabel?: string
  readonly onSubmitted?: () => unknown
  /** Shown with a cancel button when given. */
  readonly onCancel?: () => unknown
  readonly class?: string
  /** What browsers may fill in, by the path of the field: `{ 'shipTo.name': 'name' }` (HTML's autofill tokens). */
  readonly autocomplete?: Readonly<Record<string, string>>
  /** Fields shown in a way of their own, whole with label and error, by name; they keep their place. */
  readonly fields?: Readonly<Record<string, (node: FormNode, id: string) => Child>>
}

let forms = 0

export function FormView(props: FormViewProps): Child {
  const { form } = props
  const name = `form-${++forms}`
  const saved = cell('')
  const submit = async (event: Event) => {
    event.preventDefault()
    const target = event.currentTarget as HTMLFormElement // the handler is the form's
    saved.set('')
    if (await form.submit()) {
      saved.set(form.creates ? 'Created.' : 'Saved.')
      await props.onSubmitted?.()
      return
    }
    flush()
    focusWrong(target)
  }
  const label =
    props.submitLabel ??
    (form.creates ? `Create ${labelOf(form.entity.name).toLowerCase()}` : 'Save')
  return element('form', {
    class: `entity-form ${props.class ?? ''}`.trim(),
    novalidate: true,
    'aria-busy': form.submitting,
    onSubmit: submit,
    children: [
      Show({
        when: () => form.failure.value,
        children: (failure) =>
          element('p', {
            role: 'alert',
            tabindex: -1,
            class: 'form-failure',
            children: () => failure(),
          }),
      }),
      form.nodes.map((node) => nodeView(node, `${name}-${node.name}`, props)),
      element('div', {
        class: 'form-actions',
        children: [
          element('button', {
            type: 'submit',
            'aria-disabled': form.submitting,
            children: () => (form.submitting.value ? 'Saving…' : label),
          }),
          props.onCancel === undefined
            ? undefined
            : element('button', { type: 'button', onClick: props.onCancel, children: 'Cancel' }),
          element('span', { role: 'status', children: saved }),
        ],
      }),
    ],
  })
}

/** The first control that is wrong, or what is in a group that is; what is wrong as a whole stands at the head. */
function focusWrong(form: HTMLFormElement): void {
  const found = form.querySelector<HTMLElement>(
    '[role="alert"][tabindex], [aria-invalid="true"], [data-wrong] :is(input, select, textarea, button)',
  )
  found?.focus()
}

/** One field with its label, hint, error and conflict. */
function nodeView(node: FormNode, id: string, look: FormViewProps): Child {
  const own = look.fields?.[node.path.join('.')]
  if (own !== undefined) return own(node, id)
  if (node instanceof ObjectNode) {
    return element('fieldset', {
      class: 'form-group',
      'data-wrong': () => (node.error.value === undefined ? null : ''),
      children: [
        element('legend', { children: node.label }),
        hint(node, id),
        node.children.map((child) => nodeView(child, `${id}-${child.name}`, look)),
        problem(node, id),
      ],
    })
  }
  if (node instanceof ListNode) return listView(node, id, look)
  return element('div', {
    class: 'form-field',
    children: [
      element('label', { for: id, id: `${id}-label`, children: labelText(node) }),
      node instanceof RelationNode
        ? relationPicker(node, id, described(node, id))
        : node instanceof ScalarNode
          ? controlView(node, id, described(node, id), look.autocomplete?.[node.path.join('.')])
          : undefined,
      hint(node, id),
      problem(node, id),
      conflict(node),
    ],
  })
}

function labelText(node: FormNode): Child {
  const unit = node instanceof ScalarNode && node.control === 'datetime' ? ' (UTC)' : ''
  if (!node.required) return node.label + unit
  const content = document.createDocumentFragment()
  append(content, [
    node.label + unit,
    ' ',
    element('span', { class: 'required', 'aria-hidden': 'true', children: '*' }),
  ])
  return content
}

/** Ids of the texts that describe a control. */
function described(node: FormNode, id: string): () => string | null {
  return () => {
    const ids = [
      node.description === undefined ? '' : `${id}-hint`,
      node.error.value === undefined ? '' : `${id}-error`,
    ].filter((one) => one !== '')
    return ids.length === 0 ? null : ids.join(' ')
  }
}

function hint(node: FormNode, id: string): Child {
  if (node.description === undefined) return undefined
  return element('p', { id: `${id}-hint`, class: 'form-hint', children: node.description })
}

/** It is always there, so that assistive technology hears its text come. */
function problem(node: FormNode, id: string): Child {
  return element('p', {
    id: `${id}-error`,
    class: 'form-error',
    'aria-live': 'polite',
    children: () => node.error.value ?? '',
  })
}

function conflict(node: FormNode): Child {
  return Show({
    when: node.conflict,
    children: (other) =>
      element('p', {
        class: 'form-conflict',
        role: 'status',
        children: [
          () => `Changed elsewhere to “${text(other().value)}”. `,
          element('button', {
            type: 'button',
            onClick: () => node.takeConflict(),
            children: 'Take it',
          }),
          element('button', {
            type: 'button',
            onClick: () => node.conflict.set(undefined),
            children: 'Keep mine',
          }),
        ],
      }),
  })
}

function text(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function listView(node: ListNode, id: string, look: FormViewProps): Child {
  let made = 0
  const ids = new WeakMap<FormNode, string>()
  const idOf = (item: FormNode) => {
    const known = ids.get(item) ?? `${id}-${made++}`
    ids.set(item, known)
    return known
  }
  const group = element('fieldset', {
    class: 'form-list',
    'data-wrong': () => (node.error.value === undefined ? null : ''),
    children: [
      element('legend', { children: node.label }),
      hint(node, id),
      For({
        each: node.items,
        key: (item) => item,
        children: (item, index) => {
          const own = item.peek()
          return element('div', {
            class: 'form-item',
            children: [
              nodeView(own, idOf(own), look),
              node.readonly
                ? undefined
                : element('button', {
                    type: 'button',
                    'aria-label': () => `Remove ${node.label.toLowerCase()} ${index.value + 1}`,
                    onClick: () => {
                      node.remove(own)
                      flush()
                      // The button is gone: the focus stays in the list.
                      group.querySelector<HTMLElement>('button.form-add')?.focus()
                    },
                    children: 'Remove',
                  }),
            ],
          })
        },
      }),
      node.readonly
        ? undefined
        : element('button', {
            type: 'button',
            class: 'form-add',
            onClick: () => {
              const added = idOf(node.add())
              flush()
              document.getElementById(added)?.focus()
            },
            children: `Add ${node.label.toLowerCase()}`,
          }),
      problem(node, id),
    ],
  })
  return group
}
