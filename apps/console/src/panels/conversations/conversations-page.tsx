/** @jsxImportSource @typestead/screens */
/** The conversations, newest first, and one of them turn by turn. */
import { cell, computed, ever, page } from '@typestead/screens'
import { type Child, Show, type TableColumn } from '@typestead/screens/dom'
import { count, moment, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Records } from '../../page-frame/records.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { conversationsRoute } from './conversation-routes.ts'
import type { Conversation } from './conversation-rows.ts'
import { type ConversationFilter, ConversationsManager } from './conversations-manager.ts'
import { TranscriptView } from './transcript-view.tsx'
import './conversations.css'

/** What one looks for stands first: narrow lists show no more. */
const columns: readonly TableColumn<Conversation>[] = [
  { name: 'updated', label: 'Last word', show: ({ updatedAt }) => moment(updatedAt) },
  { name: 'state', label: 'State', render: (row) => <State of={() => row.value} /> },
  { name: 'user', label: 'User', show: ({ user }) => user },
  { name: 'said', label: 'Said', show: ({ lastText }) => lastText },
  { name: 'bot', label: 'Bot', show: ({ bot, alias }) => `${bot} ${alias}` },
  { name: 'channel', label: 'Channel', show: ({ channel }) => channel },
  { name: 'turns', label: 'Turns', align: 'end', show: ({ turns }) => count(turns) },
]

export const conversationsPage = page({
  route: conversationsRoute,
  title: 'Conversations',
  controller: ConversationsManager,
  bindings: (s) =>
    s.lazyPut(
      ConversationsManager,
      (s) => new ConversationsManager(s.find(ServerManager), s.find(LiveManager)),
    ),
  view: ({ c, query, setQuery }) => {
    const replace = { replace: true }
    const bots = c.bots()
    const pages = cell(1)
    const list = c.list(
      () => query.value,
      () => pages.value,
    )
    const filter = (changes: Partial<ConversationFilter>) => {
      pages.set(1)
      void setQuery(changes, replace)
    }
    const rows = computed(() => list.value.value?.conversations ?? [])
    const active = cell<string | undefined>(query.peek().open)
    ever(active, (open) => void setQuery({ open }, replace))
    return (
      <PageFrame title="Conversations" fills>
        <Loaded resource={bots}>
          {(all) => (
            <Show
              when={() => all().hasBots}
              fallback={() => (
                <Empty title="This app has no bots yet">
                  Define one with <code>defineBot</code> and name it in typestead.config.ts:{' '}
                  <code>{'bots: { define: (app) => [orders(app.db)] }'}</code>
                </Empty>
              )}
            >
              {() => (
                <>
                  <search class="filters">
                    <label>
                      Bot
                      <select
                        value={() => query.value.bot}
                        onChange={(event) => filter({ bot: event.currentTarget.value })}
                      >
                        <option value="">all</option>
                        {() => all().bots.map(({ bot }) => <option value={bot}>{bot}</option>)}
                      </select>
                    </label>
                    <label class="grow">
                      Text
                      <input
                        type="search"
                        value={() => query.value.search}
                        placeholder="a user, or words of the last turn"
                        onInput={(event) => filter({ search: event.currentTarget.value })}
                      />
                    </label>
                    <label class="check">
                      <input
                        type="checkbox"
                        checked={() => query.value.asks}
                        onChange={(event) => filter({ asks: event.currentTarget.checked })}
                      />
                      Asks for a person
                    </label>
                    <output class="soft">
                      {() =>
                        list.value.value?.next
                          ? `the newest ${count(rows.value.length)} conversations`
                          : plural(rows.value.length, 'conversation')
                      }
                    </output>
                    <Show when={() => list.value.value?.next != null}>
                      {() => (
                        <button
                          type="button"
                          class="quiet"
                          onClick={() => pages.update((shown) => shown + 1)}
                        >
                          Show older ones
                        </button>
                      )}
                    </Show>
                  </search>
                  <Records
                    one="Conversation"
                    rows={rows}
                    key={({ id }) => id}
                    columns={columns}
                    label="Conversations, newest first"
                    loaded={list}
                    active={active}
                    isFiltered={() => query.value.bot !== '' || query.value.search !== ''}
                    empty={() =>
                      query.value.asks ? (
                        <Empty title="Nobody waits for a person">
                          Whoever asks for one is listed here until a person takes over.
                        </Empty>
                      ) : (
                        <Empty title="Nobody has spoken to a bot yet">
                          Try one on the Bots page, or in the chat of the application.
                        </Empty>
                      )
                    }
                    detailOf={(id) => (
                      <TranscriptView c={c} id={id} onForgotten={() => active.set(undefined)} />
                    )}
                  />
                </>
              )}
            </Show>
          )}
        </Loaded>
      </PageFrame>
    )
  },
})

/** What counts for who looks after the conversations: who speaks, who waits. */
function State({ of }: { readonly of: () => Conversation }): Child {
  return (
    <Show
      when={() => of().asksForPerson}
      fallback={() => (
        <>{() => (of().person === null ? of().dialogState : `with ${of().person}`)}</>
      )}
    >
      {() => <span class="tag warn">asks for a person</span>}
    </Show>
  )
}
