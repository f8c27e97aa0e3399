/**
 * Element types: what Go knows of `chan T` at run time. They give a channel its printed type, `elemsize` and zero
 * value; TypeScript's own `T` is erased, so a channel made without one prints as `chan any`.
 */
export interface Element<T> {
  /** Go's name, as in `chan int`. */
  readonly name: string
  /** Bytes of one element in Go on a 64-bit machine. */
  readonly size: number
  readonly zero: T
}

const element = <T>(name: string, size: number, zero: T): Element<T> => ({ name, size, zero })

export const int: Element<number> = element('int', 8, 0)
export const int32: Element<number> = element('int32', 4, 0)
export const int64: Element<bigint> = element('int64', 8, 0n)
export const float64: Element<number> = element('float64', 8, 0)
export const bool: Element<boolean> = element('bool', 1, false)
export const string: Element<string> = element('string', 16, '')
/** `struct{}`: a signal without a value. */
export const unit: Element<undefined> = element('struct {}', 0, undefined)
/** Go's `error` interface; its zero is nil. */
export const error: Element<Error | null> = element<Error | null>('error', 16, null)
export const any: Element<unknown> = element('interface {}', 16, undefined)

/** `*T`: a reference; its zero is nil. */
export const pointer = <T>(to: Element<T> | string): Element<T | null> =>
  element<T | null>(`*${typeof to === 'string' ? to : to.name}`, 8, null)

/** `chan T` as an element: channels are values. */
export const chanOf = <C>(name: string): Element<C | null> =>
  element<C | null>(`chan ${name}`, 8, null)

/** A named struct type; `size` in bytes as Go lays it out. */
export const struct = <T>(name: string, size: number, zero: T): Element<T> =>
  element(name, size, zero)
