/** @jsxImportSource @typestead/screens */
/** A part of a page that is loaded: it says that it loads, what went wrong, and shows what is there. */
import { computed, type Readable, type Resource } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { failureText } from '../api/failure.ts'
import { Failed, Loading } from './layout.tsx'

export interface LoadedProps<T> {
  readonly of: Resource<T>
  readonly what: string
  /** Made once; the value is followed. */
  readonly children: (value: Readable<T>) => Child
}

export function Loaded<T>({ of, what, children }: LoadedProps<T>): Child {
  const { value, error } = of
  const there = computed(() => value.value !== undefined)
  const failed = computed(() => !there.value && error.value !== undefined)
  return (
    <>
      <Show when={there}>
        {() => children(value as Readable<T>) /* it is there, and what was there stays */}
      </Show>
      <Show when={failed}>
        {() => <Failed text={() => failureText(error.value)} retry={() => of.reload()} />}
      </Show>
      <Show when={() => !there.value && !failed.value}>{() => <Loading what={what} />}</Show>
    </>
  )
}
