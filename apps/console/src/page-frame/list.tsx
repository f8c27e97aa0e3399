/** @jsxImportSource @typestead/screens */
/** A virtual list, or what to do in its place: a list box that holds no option would say nothing to who cannot see it. */
import { toReadable } from '@typestead/screens'
import { type Child, Show, VirtualList, type VirtualListProps } from '@typestead/screens/dom'

export interface ListProps<T, K> extends Omit<VirtualListProps<T, K>, 'fallback'> {
  readonly empty: () => Child
}

export function List<T, K>({ empty, ...list }: ListProps<T, K>): Child {
  const items = toReadable(list.each)
  return (
    <Show when={() => items.value.length > 0} fallback={empty}>
      {() => VirtualList(list)}
    </Show>
  )
}
