import { describe, expect, it } from 'vitest'
import { databaseUrlProblem } from './database-url.ts'

describe('a database URL', () => {
  it.each([
    'postgres://db/app',
    'postgresql://ann:p%25%40%2F@10.0.0.1:5433/my%20app?sslmode=require',
    'postgres://ann:p@[::1]:5432/app',
    'postgres://ann:a:b@c@db/app',
    'postgres:///app',
    'postgres://ann@/app?host=/tmp',
    'postgres://%2Fvar%2Frun/app',
    'mongodb://ann:p%25@a:1,b.example:2,[::1]:3/app?replicaSet=r',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock/app',
    'mongodb+srv://ann:p@cluster.example.com/app',
  ])('can be %s', (url) => {
    expect(databaseUrlProblem(url)).toBeUndefined()
  })

  it.each([
    ['mysql://u:hunter2@h/d', 'must start with'],
    ['postgres://u:hunter2@[bad/x', 'must have'],
    ['postgres://u:hunter2%@h/d', 'percent-encoded'],
    ['postgres://u:hunter2%zz@h/d', 'percent-encoded'],
    ['postgres://u:hunter2%ff@h/d', 'percent-encoded'],
    ['postgres://u:hunter2#@h/d', 'percent-encoded'],
    ['postgres://u:hunter2/x@h/d', 'percent-encoded'],
    ['postgres://u:hunter2 x@h/d', 'percent-encoded'],
    ['postgres://u:hunter2@h/%2', 'percent-encoded'],
    ['postgres://u:hunter2@h:99999/d', 'a port from 1'],
    ['postgres://u:hunter2@a:1,b:2/d', 'a port from 1'],
    ['postgres://u:hunter2@h', 'must name the database: postgres://'],
    ['postgres://u:hunter2@h/?sslmode=require', 'must name the database'],
    ['mongodb://u:hunter2%@h/d', 'percent-encoded'],
    ['mongodb://u:hunter2@x@h/d', 'percent-encoded'],
    ['mongodb://:hunter2@h/d', 'percent-encoded'],
    ['mongodb://u:hunter2@[bad/x', 'must have'],
    ['mongodb://u:hunter2@/d', 'must have a host'],
    ['mongodb://u:hunter2@a,/d', 'must have a host'],
    ['mongodb://u:hunter2@h:0/d', 'must have a host'],
    ['mongodb+srv://u:hunter2@h.x.y:1/d', 'must have a host'],
    ['mongodb://u:hunter2@h:27017', 'must name the database: mongodb://'],
  ])('cannot be %s', (url, problem) => {
    expect(databaseUrlProblem(url)).toContain(problem)
    expect(databaseUrlProblem(url)).not.toContain('hunter2')
  })
})
