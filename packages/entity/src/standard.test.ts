import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Entity, field, id, int, string } from './index.ts'

class Point extends Entity('Point', {
  id: id(),
  label: string().min(1, 'say something'),
  size: int().default(1),
  pair: field(z.tuple([z.string()], z.number())),
}) {}
const standard = Point['~standard']

describe('an entity as a Standard Schema', () => {
  it('says so', () => {
    expect(standard).toMatchObject({ version: 1, vendor: 'typestead' })
  })

  it('gives the values that create writes', () => {
    expect(standard.validate({ label: 'a', pair: ['x', 1] })).toEqual({
      value: { id: expect.any(String), label: 'a', size: 1, pair: ['x', 1] },
    })
  })

  it('gives issues, and throws none', () => {
    expect(standard.validate({ label: '', pair: ['x', 'y'], x: 1 })).toEqual({
      issues: [
        { path: ['x'], message: 'Point has no such field' },
        { path: ['label'], message: 'say something' },
        { path: ['pair', 1], message: expect.any(String) },
      ],
    })
    expect(standard.validate(null)).toHaveProperty('issues')
  })

  it('is the schema of the class that extends the base, in a model or not', () => {
    class Wrong extends Entity('Wrong', { name: string() }) {}
    expect(() => Wrong['~standard'].validate({})).toThrow('Wrong: has no primary key')
  })
})

describe('an entity as a Standard JSON Schema', () => {
  it('has inputs and outputs for draft 2020-12', () => {
    const target = 'draft-2020-12'
    expect(standard.jsonSchema.input({ target })).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['label', 'pair'],
    })
    expect(standard.jsonSchema.output({ target })).toMatchObject({
      required: ['id', 'label', 'size', 'pair'],
    })
  })

  it('says tuples as draft 07 did', () => {
    const schema = standard.jsonSchema.input({ target: 'draft-07' })
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: {
        pair: { type: 'array', items: [{ type: 'string' }], additionalItems: { type: 'number' } },
      },
    })
  })

  it('throws for a target that it does not have', () => {
    expect(() => standard.jsonSchema.input({ target: 'openapi-3.0' })).toThrow(
      'ask for draft-2020-12 or draft-07',
    )
  })
})
