/** The control of one value: the input that fits its type, tied to the texts that describe it. */
import type { Child } from '../dom/child.ts'
import { element } from '../dom/element.ts'
import type { ControlKind } from './descriptor.ts'
import type { ScalarNode } from './form-node.ts'

const types: Readonly<Partial<Record<ControlKind, string>>> = {
  text: 'text',
  email: 'email',
  url: 'url',
  password: 'password',
  date: 'date',
  datetime: 'datetime-local',
  // Not type=number: it drops what it can't read, and turns by the mouse wheel.
  whole: 'text',
  number: 'text',
}

/** `autocomplete` is HTML's autofill token. */
export function controlView(
  node: ScalarNode,
  id: string,
  describedBy: () => string | null,
  autocomplete?: string,
): Child {
  const common = {
    id,
    name: node.path.join('.'),
    'aria-describedby': describedBy,
    'aria-invalid': () => (node.error.value === undefined ? null : 'true'),
    'aria-required': node.required ? 'true' : undefined,
    autocomplete: autocomplete ?? (node.control === 'password' ? 'new-password' : undefined),
    // Checked when it is left, and again while an error is corrected.
    onBlur: () => {
      if (node.dirty.peek() && !node.readonly) node.give()
    },
  }
  const typed = (event: Event) => {
    node.text.set((event.currentTarget as HTMLInputElement).value) // the handler is a control's
    if (node.error.peek() !== undefined) node.give()
  }
  switch (node.control) {
    case 'checkbox':
      return element('input', {
        ...common,
        type: 'checkbox',
        disabled: node.readonly,
        checked: () => node.text.value === 'true',
        onChange: (event: Event) =>
          node.text.set(String((event.currentTarget as HTMLInputElement).checked)), // as above
      })
    case 'select':
      return element('select', {
        ...common,
        disabled: node.readonly,
        value: node.text,
        onChange: typed,
        children: [
          node.required && node.text.peek() !== ''
            ? undefined
            : element('option', { value: '', children: node.required ? 'Choose…' : '–' }),
          node.choices.map(({ value, label }) => element('option', { value, children: label })),
        ],
      })
    case 'textarea':
    case 'json':
      return element('textarea', {
        ...common,
        readonly: node.readonly,
        rows: node.control === 'json' ? 6 : 4,
        spellcheck: node.control !== 'json',
        value: node.text,
        onInput: typed,
      })
    case 'bytes':
      return fileView(node, common)
    default:
      return element('input', {
        ...common,
        type: types[node.control] ?? 'text',
        inputmode:
          node.control === 'whole' ? 'numeric' : node.control === 'number' ? 'decimal' : undefined,
        step: node.control === 'datetime' ? 'any' : undefined,
        readonly: node.readonly,
        placeholder: placeholderOf(node),
        value: node.text,
        onInput: typed,
      })
  }
}

/** A file to choose; what is there is told by its size, and can be taken away where there may be none. */
function fileView(node: ScalarNode, common: Readonly<Record<string, unknown>>): Child {
  const input = element('input', {
    ...common,
    type: 'file',
    disabled: node.readonly,
    onChange: () => readFile(input, node),
  }) as HTMLInputElement // the tag's own class
  return [
    input,
    element('span', {
      class: 'form-file',
      children: () => (node.text.value === '' ? 'No file' : sizeText(node.text.value)),
    }),
    node.nullable && !node.readonly
      ? element('button', {
          type: 'button',
          hidden: () => node.text.value === '',
          'aria-label': `Remove ${node.label.toLowerCase()}`,
          onClick: () => {
            input.value = ''
            node.text.set('')
            input.focus()
          },
          children: 'Remove',
        })
      : undefined,
  ]
}

/** The size of what base64 stands for. */
function sizeText(base64: string): string {
  const bytes = Math.floor((base64.replace(/=+$/, '').length * 3) / 4)
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KB`
}

function placeholderOf({ field }: ScalarNode): string | undefined {
  return field.default !== undefined && 'generated' in field.default
    ? 'made automatically'
    : undefined
}

/** A file as base64, which is what bytes are in JSON. */
async function readFile(input: HTMLInputElement, node: ScalarNode): Promise<void> {
  const file = input.files?.[0]
  if (file === undefined) {
    node.text.set('')
    return
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  node.text.set(btoa(binary))
  if (node.error.peek() !== undefined) node.give()
}
