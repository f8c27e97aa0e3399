/**
 * A scope for tests: what is put first stands in for what `register` would register under the same key.
 * `await using scope = testScope((s) => s.put(RestManager, fake), (s) => supervisor.register(s))`.
 */
import { type Key, type PutOptions, Scope } from '../scope.ts'

export interface TestScope extends Scope {
  /** Errors of reactions, life cycles and clean-ups. */
  readonly errors: readonly unknown[]
}

/** Runs each step on a new scope; a key that an earlier step has registered is left alone. */
export function testScope(...steps: readonly ((scope: Scope) => void)[]): TestScope {
  const errors: unknown[] = []
  const scope = new LenientScope(errors)
  for (const step of steps) step(scope)
  return scope
}

class LenientScope extends Scope implements TestScope {
  readonly errors: readonly unknown[]

  constructor(errors: unknown[]) {
    super('the test', { onError: (error) => void errors.push(error) })
    this.errors = errors
  }

  override put<T>(key: Key<T>, instance: T, options?: PutOptions): void {
    super.put(key, instance, { ifAbsent: true, ...options })
  }

  override lazyPut<T>(key: Key<T>, make: (scope: Scope) => T, options?: PutOptions): void {
    super.lazyPut(key, make, { ifAbsent: true, ...options })
  }
}
