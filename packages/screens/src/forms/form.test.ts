import { describe, expect, test } from 'vitest'
import { bookModel, grownModel } from '../../test/book-model.ts'
import { flush } from '../reactive-graph.ts'
import { columnsOf } from './columns.ts'
import { ListNode, ObjectNode } from './composite-node.ts'
import { entityOf, labelOf } from './descriptor.ts'
import { createForm, type EntityForm, type FormValues } from './form.ts'
import { RelationNode, ScalarNode } from './form-node.ts'

const book = entityOf(bookModel, 'Book')

function scalar(form: EntityForm, name: string): ScalarNode {
  const node = form.nodes.find((one) => one.name === name)
  if (node instanceof ScalarNode) return node
  throw new Error(`${name} is no scalar`)
}

function type(form: EntityForm, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) scalar(form, name).text.set(text)
}

const whole = {
  title: 'Twilight',
  pages: '498',
  price: '12.50',
  format: 'paperback',
}

function chooseAuthor(form: EntityForm): void {
  const node = form.nodes.find((one) => one.name === 'author')
  if (node instanceof RelationNode) node.chosen.set({ key: 'a1', label: 'Meyer' })
}

describe('a form that creates', () => {
  test('has the fields that create takes, with their labels and controls', () => {
    const form = createForm({ entity: book, submit: async () => {} })
    expect(
      form.nodes.map((node) => [
        node.label,
        node instanceof ScalarNode ? node.control : node.constructor.name,
        node.required,
      ]),
    ).toEqual([
      ['Title', 'text', true],
      ['Blurb', 'textarea', false],
      ['Contact', 'email', false],
      ['Pages', 'whole', true],
      ['Price', 'number', true],
      ['Format', 'select', true],
      ['In print', 'checkbox', false],
      ['Published', 'date', false],
      ['Embargo', 'datetime', false],
      ['Pin', 'password', false],
      ['Size', 'ObjectNode', false],
      ['Tags', 'ListNode', false],
      ['Extra', 'json', false],
      ['Author', 'RelationNode', true],
    ])
  })

  test('sends values as in JSON', async () => {
    let sent: FormValues | undefined
    const form = createForm({
      entity: book,
      submit: async (values) => {
        sent = values
      },
    })
    type(form, { ...whole, embargo: '2026-03-01T10:30', published: '2005-10-05', extra: '{"a":1}' })
    chooseAuthor(form)
    for (const node of form.nodes) {
      if (node instanceof ListNode) {
        const item = node.add()
        if (item instanceof ScalarNode) item.text.set('vampires')
      }
      if (node instanceof ObjectNode) {
        for (const part of node.children) if (part instanceof ScalarNode) part.text.set('10')
      }
    }
    expect(await form.submit()).toBe(true)
    expect(sent).toEqual({
      title: 'Twilight',
      blurb: null,
      contact: null,
      pages: 498,
      price: '12.50',
      format: 'paperback',
      inPrint: true,
      published: '2005-10-05',
      embargo: '2026-03-01T10:30:00.000Z',
      pin: null,
      size: { width: 10, height: 10 },
      tags: ['vampires'],
      extra: { a: 1 },
      author: 'a1',
    })
  })

  test('says what is wrong with each field, and sends nothing', async () => {
    let sends = 0
    const form = createForm({
      entity: book,
      submit: async () => {
        sends++
      },
    })
    type(form, {
      title: 'x'.repeat(81),
      contact: 'nobody',
      pages: '0',
      price: '1.234',
      published: '2005-02-31',
      extra: '{',
    })
    expect(await form.submit()).toBe(false)
    expect(sends).toBe(0)
    expect(form.wrong.value.map(({ error }) => error.value)).toEqual([
      'Title must have at most 80 characters, it has 81',
      'Contact must be an e-mail address, such as name@example.org',
      'Pages must be 1 or more',
      'Price must have at most 2 digits after the point',
      'Format is required',
      'Published must be a date',
      expect.stringContaining('Extra must be JSON'),
      'Author is required',
    ])
  })

  test('errors of the store go to the fields that they name, others to the head', async () => {
    const issues = [
      { path: ['title'], message: 'Title is taken' },
      { path: ['tags', 0], message: 'Tag is rude' },
      { path: ['nothing'], message: 'Try tomorrow.' },
    ]
    const form = createForm({
      entity: book,
      submit: () => Promise.reject(Object.assign(new Error('invalid'), { issues })),
    })
    type(form, whole)
    chooseAuthor(form)
    const tags = form.nodes.find((node) => node.name === 'tags') as ListNode
    const tag = tags.add() as ScalarNode
    tag.text.set('bad')
    expect(await form.submit()).toBe(false)
    expect(scalar(form, 'title').error.value).toBe('Title is taken')
    expect(tag.error.value).toBe('Tag is rude')
    expect(form.failure.value).toBe('Try tomorrow.')
    expect(form.submitting.value).toBe(false)
  })
})

describe('a form that updates', () => {
  const row = {
    id: 'b1',
    title: 'Twilight',
    pages: 498,
    price: '12.50',
    format: 'paperback',
    inPrint: true,
    tags: ['a1', 'b2'],
    author: { id: 'a1', name: 'Meyer' },
    createdAt: '2020-01-01T00:00:00.000Z',
  }

  test('sends what was changed only; secrets stay unless entered; read-only fields are shown', async () => {
    const sent: FormValues[] = []
    const form = createForm({
      entity: book,
      row,
      submit: async (values) => void sent.push(values),
    })
    expect(form.nodes.filter((node) => node.readonly).map(({ name }) => name)).toContain('id')
    expect(form.dirty.value).toBe(false)
    type(form, { title: 'New Moon', blurb: '' })
    expect(form.dirty.value).toBe(true)
    expect(await form.submit()).toBe(true)
    expect(form.dirty.value).toBe(false)
    type(form, { pin: '1234' })
    await form.submit()
    expect(sent).toEqual([{ title: 'New Moon' }, { pin: '1234' }])
  })

  test('a row that changes elsewhere updates what is untouched, and is a conflict where it is not', () => {
    const form = createForm({ entity: book, row, submit: async () => {} })
    type(form, { title: 'Mine' })
    form.receive({ ...row, title: 'Theirs', pages: 500 })
    flush()
    expect(scalar(form, 'pages').text.value).toBe('500')
    expect(scalar(form, 'title').text.value).toBe('Mine')
    expect(scalar(form, 'title').conflict.value).toEqual({ value: 'Theirs' })
    scalar(form, 'title').takeConflict()
    expect(scalar(form, 'title').text.value).toBe('Theirs')
    expect(form.dirty.value).toBe(false)
  })

  test('reset goes back to what was there', () => {
    const form = createForm({ entity: book, row, submit: async () => {} })
    type(form, { title: 'Mine' })
    const tags = form.nodes.find((node) => node.name === 'tags') as ListNode
    tags.remove(tags.items.peek()[0] as ScalarNode)
    expect(form.dirty.value).toBe(true)
    form.reset()
    expect(form.dirty.value).toBe(false)
    expect(scalar(form, 'title').text.value).toBe('Twilight')
  })
})

describe('the entity grows', () => {
  test('a field added to the class is in its form and its table, without another edit', () => {
    const grown = entityOf(grownModel, 'Book')
    const names = (entity: typeof book) => ({
      form: createForm({ entity, submit: async () => {} }).nodes.map((node) => node.name),
      table: columnsOf(entity).map(({ name }) => name),
    })
    expect(names(book).form).not.toContain('subtitle')
    expect(names(grown).form).toContain('subtitle')
    expect(names(grown).table).toContain('subtitle')
  })

  test('a table leaves secrets out and shows values as people write them', () => {
    const columns = columnsOf(book, { locale: 'en' })
    const show = (name: string, value: unknown) =>
      columns.find((column) => column.name === name)?.show?.({ [name]: value })
    expect(columns.map(({ name }) => name)).not.toContain('pin')
    expect(show('pages', 1234)).toBe('1,234')
    expect(show('inPrint', false)).toBe('No')
    expect(show('author', { id: 'a1', name: 'Meyer' })).toBe('Meyer')
    expect(show('published', null)).toBe('')
  })

  test('a model of another format, or without the entity, is refused', () => {
    expect(() => entityOf({ ...bookModel, version: 2 }, 'Book')).toThrow(
      expect.objectContaining({ code: 'BAD_DESCRIPTOR' }),
    )
    expect(() => entityOf(bookModel, 'Bok')).toThrow(/it has Author, Book/)
    expect(labelOf('firstName_of')).toBe('First name of')
  })
})
