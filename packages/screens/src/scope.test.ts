import { describe, expect, test } from 'vitest'
import { cell, reaction } from './cell.ts'
import { LifeCycle, Manager } from './lifecycle.ts'
import { flush, graphStats } from './reactive-graph.ts'
import { Scope, token } from './scope.ts'
import { Supervisor, startSupervisor } from './supervisor.ts'
import { useManualClock } from './testing/manual-clock.ts'
import { testScope } from './testing/test-scope.ts'

const log: string[] = []

class A extends Manager {
  readonly name: string
  constructor(name = 'A') {
    super()
    this.name = name
    log.push(`${name} made`)
  }
  protected override onInit(): void {
    log.push(`${this.name} init`)
  }
  protected override onReady(): void {
    log.push(`${this.name} ready`)
  }
  protected override onClose(): void {
    log.push(`${this.name} close`)
  }
}

class B extends A {
  readonly a: A
  constructor(a: A) {
    super('B')
    this.a = a
  }
}

describe('injection', () => {
  test('an instance is made once, at the first find, and closed in reverse order', async () => {
    log.length = 0
    const scope = new Scope('the app')
    scope.lazyPut(A, () => new A())
    scope.lazyPut(B, (s) => new B(s.find(A)))
    expect(log).toEqual([])
    expect(scope.find(B).a).toBe(scope.find(A))
    await scope.ready()
    scope.shown()
    await scope.close()
    expect(log).toEqual([
      'A made',
      'A init',
      'B made',
      'B init',
      'A ready',
      'B ready',
      'B close',
      'A close',
    ])
  })

  test('an instance belongs to the scope that registered it, whoever finds it', async () => {
    log.length = 0
    const app = new Scope('the app')
    app.lazyPut(A, () => new A())
    const page = app.child('page')
    page.find(A)
    await page.close()
    expect(log).not.toContain('A close')
    await app.close()
    expect(log).toContain('A close')
  })

  test('a key registered twice is an error that names both places; ifAbsent is the safe form', async () => {
    await using app = new Scope('the app')
    app.lazyPut(A, () => new A())
    const page = app.child('page /')
    const twice = () => page.lazyPut(A, () => new A('second'))
    expect(twice).toThrow(expect.objectContaining({ code: 'DUPLICATE_KEY' }))
    expect(twice).toThrow(
      /A is registered twice: in the app at .*scope\.test\.ts:\d+.*, and in page \/ at .*scope\.test\.ts:\d+/,
    )
    page.lazyPut(A, () => new A('second'), { ifAbsent: true })
    expect(page.find(A).name).toBe('A')
  })

  test('an unknown key is an error that lists near names', async () => {
    await using app = new Scope('the app')
    const books = token<string>('BooksManager')
    app.put(books, 'x')
    app.put(token<string>('Clock'), 'y')
    expect(() => app.find(token<string>('BookManager'))).toThrow(
      /BookManager is not registered.*BooksManager/,
    )
  })

  test('a circle is an error that shows the path', async () => {
    await using app = new Scope('the app')
    const [x, y] = [token<object>('X'), token<object>('Y')]
    app.lazyPut(x, (s) => ({ y: s.find(y) }))
    app.lazyPut(y, (s) => ({ x: s.find(x) }))
    expect(() => app.find(x)).toThrow(/X → Y → X/)
  })

  test('a captive dependency is an error: what lives longer would keep what is closed', async () => {
    await using app = new Scope('the app')
    const page = app.child('page /')
    page.lazyPut(A, () => new A())
    const keeper = token<object>('Keeper')
    app.lazyPut(keeper, () => ({ a: page.find(A) }))
    expect(() => app.find(keeper)).toThrow(expect.objectContaining({ code: 'CAPTIVE_DEPENDENCY' }))
  })

  test('a closed scope finds nothing', async () => {
    const scope = new Scope('page /')
    await scope.close()
    expect(() => scope.find(A)).toThrow(expect.objectContaining({ code: 'SCOPE_CLOSED' }))
  })

  test('in tests, what is put first stands in', async () => {
    class AppSupervisor extends Supervisor {
      register(scope: Scope): void {
        scope.lazyPut(A, () => new A('real'))
      }
    }
    await using scope = testScope(
      (s) => s.put(A, new A('fake')),
      (s) => new AppSupervisor().register(s),
    )
    expect(scope.find(A).name).toBe('fake')
  })
})

describe('life cycles', () => {
  test('ready waits for onInit, and throws what it throws; the next find starts anew', async () => {
    let tries = 0
    class Slow extends Manager {
      value = 0
      protected override async onInit(): Promise<void> {
        await Promise.resolve()
        if (++tries === 1) throw new Error('first try')
        this.value = tries
      }
    }
    await using scope = new Scope('the app')
    scope.lazyPut(Slow, () => new Slow())
    scope.find(Slow)
    await expect(scope.ready()).rejects.toThrow('first try')
    const second = scope.find(Slow)
    await scope.ready()
    expect(second.value).toBe(2)
  })

  test('what an instance owns ends with it: reactions, subscriptions, its signal', async () => {
    const before = graphStats.reactions
    const source = cell(0)
    const seen: number[] = []
    let signal: AbortSignal | undefined
    class Owning extends Manager {
      protected override onInit(): void {
        signal = this.signal
        reaction(() => void seen.push(source.value))
        this.own(source.subscribe((n) => void seen.push(n * 10)))
        this.own(() => log.push('owned function'))
      }
    }
    const scope = new Scope('the app')
    scope.lazyPut(Owning, () => new Owning())
    scope.find(Owning)
    await scope.close()
    source.set(1)
    flush()
    expect(seen).toEqual([0, 0])
    expect(signal?.aborted).toBe(true)
    expect(graphStats.reactions).toBe(before)
  })

  test('an onClose that takes too long is left behind and reported, and the others close', async () => {
    using clock = useManualClock()
    const errors: unknown[] = []
    class Stuck extends LifeCycle {
      protected override onClose(): Promise<void> {
        return new Promise(() => {})
      }
    }
    const scope = new Scope('page /', {
      closeLimitMs: 1000,
      onError: (error) => errors.push(error),
    })
    scope.lazyPut(A, () => new A())
    scope.lazyPut(Stuck, () => new Stuck())
    scope.find(A)
    scope.find(Stuck)
    log.length = 0
    const closing = scope.close()
    await Promise.resolve()
    clock.advance(1000)
    await closing
    expect(errors).toEqual([expect.objectContaining({ code: 'CLOSE_TIMEOUT' })])
    expect(log).toEqual(['A close'])
    expect(clock.waiting).toBe(0)
  })

  test('errors go to the nearest scope that takes them', async () => {
    const app: unknown[] = []
    await using scope = new Scope('the app', { onError: (error) => app.push(error) })
    const page = scope.child('page /')
    page.run(() =>
      reaction(() => {
        throw new Error('in the page')
      }),
    )
    expect(app).toEqual([new Error('in the page')])
  })

  test('the supervisor starts its managers before anything is shown', async () => {
    log.length = 0
    class AppSupervisor extends Supervisor {
      register(scope: Scope): void {
        scope.lazyPut(A, () => new A())
        scope.find(A)
      }
      protected override async onInit(): Promise<void> {
        log.push('supervisor')
      }
    }
    await using scope = await startSupervisor(new AppSupervisor())
    expect(log).toEqual(['A made', 'A init', 'supervisor'])
    expect(scope.find(A).name).toBe('A')
  })
})
