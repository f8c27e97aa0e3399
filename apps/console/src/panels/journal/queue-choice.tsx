/** @jsxImportSource @typestead/screens */
/** The choice of one queue, or all. */
import type { Child } from '@typestead/screens/dom'
import type { Overview } from './journal-rows.ts'

export function QueueChoice(props: {
  readonly overview: () => Overview
  readonly queue: () => string
  readonly onChoose: (queue: string) => void
}): Child {
  const { overview, queue, onChoose } = props
  const names = () => {
    const known = overview().queues.map((one) => one.queue)
    return queue() === '' || known.includes(queue()) ? known : [...known, queue()]
  }
  return (
    <label>
      Queue
      <select value={queue} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">all</option>
        {() => names().map((name) => <option value={name}>{name}</option>)}
      </select>
    </label>
  )
}
