/** @jsxImportSource @typestead/screens */
/** A request's spans as bars on its time. */
import type { Child } from '@typestead/screens/dom'
import { milliseconds } from '../../page-frame/format.ts'
import type { Trace } from '../../server/activity.ts'

export function SpanPicture({ trace }: { readonly trace: Trace }): Child {
  if (trace.spans.length === 0) {
    return <p class="soft">It asked nothing of the store.</p>
  }
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / trace.ms) * 100))}%`
  return (
    <ol class="spans">
      {trace.spans.map(({ name, at, ms, outcome }) => (
        <li>
          <span class="span-name">{name}</span>
          <span class={outcome === 'ok' ? 'span-ms' : 'span-ms bad'}>
            {outcome === 'ok' ? milliseconds(ms) : `${outcome}, ${milliseconds(ms)}`}
          </span>
          <span class="span-track" aria-hidden="true">
            <span style={`inset-inline-start: ${share(at)}; width: max(2px, ${share(ms)})`} />
          </span>
        </li>
      ))}
    </ol>
  )
}
