/** @jsxImportSource @typestead/screens */
/** What a page of Journal shows once the app has a journal; before, or without one, what to do. */
import { type Child, Show } from '@typestead/screens/dom'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import type { JournalManager } from './journal-manager.ts'
import type { Overview } from './journal-rows.ts'

export function WithJournal(props: {
  readonly c: JournalManager
  readonly children: (overview: () => Overview) => Child
}): Child {
  return (
    <Loaded resource={props.c.overview}>
      {(overview) => (
        <Show
          when={() => overview().journal}
          fallback={() => (
            <Empty title="This app has no journal">
              An app has one as soon as its typestead.config.ts has <code>bots</code>: their turns,
              replies and jobs are kept in it.
            </Empty>
          )}
        >
          {() => props.children(overview)}
        </Show>
      )}
    </Loaded>
  )
}
