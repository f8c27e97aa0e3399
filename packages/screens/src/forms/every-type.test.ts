import { checkCreate, type EntityMeta } from '@typestead/entity'
import { describe, expect, test } from 'vitest'
import { everyType, everyTypeModel } from '../../test/every-type-model.ts'
import { type ListNode, ObjectNode } from './composite-node.ts'
import { entityOf } from './descriptor.ts'
import { createForm, type EntityForm, type FormOptions, type FormValues } from './form.ts'
import { type FormNode, type RelationNode, ScalarNode } from './form-node.ts'

const entity = entityOf(everyTypeModel, 'Thing')
const reference = '0190a6e0-0000-7000-8000-00000000000a'

const row = {
  code: 'AB',
  reference,
  text: '',
  long: null,
  email: 'a@example.org',
  count: 3,
  big: '9007199254740993',
  ratio: 0.5,
  price: '12.50',
  ready: true,
  known: null,
  kind: 'small',
  at: '2026-03-01T10:30:00.000Z',
  day: '2026-03-01',
  extra: { a: [1] },
  raw: 'AAEC',
  size: { width: 3, box: { label: 'top' } },
  tags: ['aa', 'bb'],
  parts: [{ part: 'leg', amount: 4 }],
  version: 7,
  owner: { id: reference, name: 'Ada' },
}

function formOf(options: Partial<FormOptions> = {}): {
  readonly form: EntityForm
  readonly sent: { values: FormValues; version: unknown }[]
} {
  const sent: { values: FormValues; version: unknown }[] = []
  const submit: FormOptions['submit'] = async (values, _signal, version) => {
    sent.push({ values, version })
  }
  return { form: createForm({ entity, submit, ...options }), sent }
}

/** A field by its path, such as `size.box.label` or `tags.0`. */
function at(form: EntityForm, path: string): FormNode {
  let nodes = form.nodes
  let found: FormNode | undefined
  for (const part of path.split('.')) {
    found = nodes.find((node, index) => node.name === part || String(index) === part)
    nodes = found?.parts() ?? []
  }
  if (found === undefined) throw new Error(`there is no field ${path}`)
  return found
}

function enter(form: EntityForm, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) (at(form, path) as ScalarNode).text.set(text)
}

/** What a person enters who fills in everything. */
function enterAll(form: EntityForm): void {
  const tags = at(form, 'tags') as ListNode
  const parts = at(form, 'parts') as ListNode
  tags.add()
  parts.add()
  const owner = at(form, 'owner') as RelationNode
  owner.chosen.set({ key: reference, label: 'Ada' })
  enter(form, {
    code: 'AB',
    reference,
    text: 'x',
    email: 'a@example.org',
    count: ' 3 ',
    big: '-9223372036854775808',
    ratio: '1e-3',
    price: '12.5',
    known: 'false',
    kind: 'large',
    at: '2026-03-01T10:30',
    day: '2026-03-01',
    extra: '{"a":[1]}',
    raw: 'AAEC',
    pin: '1234',
    'size.width': '3',
    'size.box.label': 'top',
    'tags.0': 'aa',
    'parts.0.part': 'leg',
    'parts.0.amount': '4',
  })
}

const issues = (form: EntityForm) =>
  Object.fromEntries(form.wrong.value.map(({ path, error }) => [path.join('.'), error.value]))

describe('a form of every type of field', () => {
  test('each has a control that fits it; the lock is not one of them', () => {
    const { form } = formOf()
    const kinds = form.nodes.map((node) => [
      node.name,
      node instanceof ScalarNode ? node.control : node.constructor.name,
    ])
    expect(Object.fromEntries(kinds)).toEqual({
      code: 'text',
      reference: 'text',
      text: 'text',
      long: 'textarea',
      email: 'email',
      count: 'whole',
      big: 'whole',
      ratio: 'number',
      price: 'number',
      ready: 'checkbox',
      known: 'select',
      kind: 'select',
      at: 'datetime',
      day: 'date',
      extra: 'json',
      raw: 'bytes',
      pin: 'password',
      size: 'ObjectNode',
      tags: 'ListNode',
      parts: 'ListNode',
      owner: 'RelationNode',
    })
    expect(at(form, 'size')).toBeInstanceOf(ObjectNode)
  })

  test('what is entered is what the entity accepts', async () => {
    const { form, sent } = formOf()
    enterAll(form)
    expect(await form.submit()).toBe(true)
    const values = sent[0]?.values ?? {}
    expect(values).toMatchObject({
      count: 3,
      big: '-9223372036854775808',
      ratio: 0.001,
      price: '12.5',
      ready: true,
      known: false,
      long: null,
      at: '2026-03-01T10:30:00.000Z',
      raw: 'AAEC',
      size: { width: 3, box: { label: 'top' } },
      parts: [{ part: 'leg', amount: 4 }],
      owner: reference,
    })
    const meta = everyType.metas.find(({ name }) => name === 'Thing') as EntityMeta
    expect(() => checkCreate(meta, values)).not.toThrow()
  })

  test('each says what is wrong with it, inside objects and lists too', async () => {
    const { form, sent } = formOf()
    enterAll(form)
    enter(form, {
      code: 'A',
      reference: 'none',
      email: 'nobody',
      count: '100',
      big: '9223372036854775808',
      ratio: 'half',
      price: '12345.00',
      at: 'soon',
      day: '2026-02-30',
      extra: '{',
      pin: '1',
      'size.width': '2147483648',
      'size.box.label': '',
      'tags.0': 'a',
      'parts.0.amount': '1.5',
    })
    expect(await form.submit()).toBe(false)
    expect(sent).toEqual([])
    expect(issues(form)).toEqual({
      code: 'Code must have at least 2 characters',
      reference: expect.stringContaining('Reference must be an id'),
      email: expect.stringContaining('Email must be an e-mail address'),
      count: 'Count must be 99 or less',
      big: 'Big must be a number of 64 bits',
      ratio: 'Ratio must be a number',
      price: 'Price must have at most 4 digits before the point',
      at: 'At must be a date and a time',
      day: 'Day must be a date',
      extra: expect.stringContaining('Extra must be JSON'),
      pin: 'Pin must have at least 4 characters',
      'size.width': 'Width must be 2147483647 or less',
      'size.box.label': 'Label is required',
      'tags.0': 'Item must have at least 2 characters',
      'parts.0.amount': 'Amount must be a whole number',
    })
  })

  test('a row comes back as it was: nothing is dirty, nothing is sent, the key is not to be changed', async () => {
    const { form, sent } = formOf({ row })
    expect(form.nodes.filter(({ dirty }) => dirty.value)).toEqual([])
    expect(at(form, 'code').readonly).toBe(true)
    expect(await form.submit()).toBe(true)
    expect(sent).toEqual([{ values: {}, version: 7 }])
  })

  test('an update checks and sends only what was changed', async () => {
    // The text of this row is empty, which was allowed when it was written.
    const { form, sent } = formOf({ row })
    enter(form, { 'size.box.label': 'bottom', big: '9007199254740995' })
    ;(at(form, 'tags') as ListNode).remove(at(form, 'tags.0'))
    expect(await form.submit()).toBe(true)
    expect(sent[0]?.values).toEqual({
      size: { width: 3, box: { label: 'bottom' } },
      big: '9007199254740995',
      tags: ['bb'],
    })
  })

  test('reset gives defaults back', () => {
    const { form } = formOf({ initial: { count: 5 } })
    enter(form, { ready: 'false', count: '6' })
    form.reset()
    expect((at(form, 'ready') as ScalarNode).text.value).toBe('true')
    expect((at(form, 'count') as ScalarNode).text.value).toBe('5')
    expect(form.dirty.value).toBe(false)
  })
})

describe('what a server says', () => {
  /** An error of each kind of server that names fields. */
  const errors: Readonly<Record<string, object>> = {
    'entity: issues': {
      issues: [
        { path: ['count'], message: 'must be odd' },
        { path: ['size', 'box', 'label'], message: 'Too small' },
      ],
    },
    'an API: fields with paths that begin with an argument': {
      code: 'BAD_INPUT',
      fields: [
        { path: ['data', 'count'], message: 'must be odd' },
        { path: ['data', 'size', 'box', 'label'], message: 'too small' },
      ],
    },
    'a GraphQL answer': {
      errors: [
        {
          message: 'bad input',
          extensions: {
            code: 'BAD_INPUT',
            fields: [{ path: ['data', 'count'], message: 'must be odd' }],
          },
        },
        {
          message: 'bad input',
          extensions: {
            fields: [{ path: ['data', 'size', 'box', 'label'], message: 'Too small' }],
          },
        },
      ],
    },
  }

  test.each(Object.keys(errors))('%s', async (name) => {
    const submit = () => Promise.reject(Object.assign(new Error('bad input'), errors[name]))
    const { form } = formOf({ row, submit })
    expect(await form.submit()).toBe(false)
    expect(issues(form)).toEqual({ count: 'Count must be odd', 'size.box.label': 'Too small' })
    expect(form.failure.value).toBeUndefined()
  })

  test('a conflict of the store goes to the fields that it names', async () => {
    const conflict = Object.assign(new Error('taken'), { code: 'CONFLICT', fields: ['email'] })
    const { form } = formOf({ row, submit: () => Promise.reject(conflict) })
    await form.submit()
    expect(issues(form)).toEqual({ email: 'Email is taken: it must be unique' })
  })

  test('an error that names no field stands at the head, and goes with the next attempt', async () => {
    let away = true
    const submit = async () => {
      if (away) {
        throw Object.assign(new Error('the store does not answer'), {
          errors: [{ message: 'the store does not answer', extensions: { code: 'UNAVAILABLE' } }],
        })
      }
    }
    const { form } = formOf({ row, submit })
    expect(await form.submit()).toBe(false)
    expect(form.failure.value).toBe('the store does not answer')
    away = false
    expect(await form.submit()).toBe(true)
    expect(form.failure.value).toBeUndefined()
  })

  test('a save that comes too late shows what is new, and can be made again with the new version', async () => {
    let stored = { ...row, count: 9, kind: 'large', version: 8 }
    const versions: unknown[] = []
    const submit: FormOptions['submit'] = async (values, _signal, version) => {
      versions.push(version)
      if (version !== stored.version) throw Object.assign(new Error('stale'), { code: 'STALE' })
      stored = { ...stored, ...values, version: stored.version + 1 }
      return stored
    }
    const { form } = formOf({ row, submit, reload: async () => stored })
    enter(form, { count: '4' })
    expect(await form.submit()).toBe(false)
    expect(form.failure.value).toMatch(/Somebody else has changed this/)
    expect((at(form, 'kind') as ScalarNode).text.value).toBe('large')
    expect(at(form, 'count').conflict.value).toEqual({ value: 9 })
    expect(await form.submit()).toBe(true)
    expect(stored.count).toBe(4)
    expect(at(form, 'count').conflict.value).toBeUndefined()
    enter(form, { count: '5' })
    expect(await form.submit()).toBe(true)
    expect(versions).toEqual([7, 8, 9])
    expect(form.version).toBe(10)
  })
})
