/** A resource whose value changes only when what was loaded is another: a server that starts again with the same says nothing new. */
import { computed, type Resource } from '@typestead/screens'

export function steady<T>(resource: Resource<T>): Resource<T> {
  const value = computed(() => resource.value.value, {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  })
  return { ...resource, value }
}
