/** @jsxImportSource @typestead/screens */
/** The conversations, newest first, and one of them turn by turn. */
import { cell, computed, ever, page } from '@typestead/screens'
import { Show, type TableColumn } from '@typestead/screens/dom'
import { count, moment, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Records } from '../../page-frame/records.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { ServerManager } from '../../server/server-manager.ts'
import { conversationsRoute } from './conversation-routes.ts'
import type { Conversation } from './conversation-rows.ts'
import { ConversationsManager } from './conversations-manager.ts'
import { TranscriptView } from './transcript-view.tsx'
import './conversations.css'

const columns: readonly TableColumn<Conversation>[] = [
  { name: 'updated', label: 'Last word', show: ({ updatedAt }) => moment(updatedAt) },
  { name: 'bot', label: 'Bot', show: ({ bot, alias }) => `${bot} ${alias}` },
  { name: 'channel', label: 'Channel', show: ({ channel }) => channel },
  { name: 'user', label: 'User', show: ({ user }) => user },
  { name: 'said', label: 'Said', show: ({ lastText }) => lastText },
  {
    name: 'state',
    label: 'State',
    show: ({ person, asksForPerson, dialogState }) =>
      person !== null ? `with ${person}` : asksForPerson ? 'asks for a person' : dialogState,
  },
  { name: 'turns', label: 'Turns', align: 'end', show: ({ turns }) => count(turns) },
]

export const conversationsPage = page({
  route: conversationsRoute,
  title: 'Conversations',
  controller: ConversationsManager,
  bindings: (s) =>
    s.lazyPut(ConversationsManager, (s) => new ConversationsManager(s.find(ServerManager))),
  view: ({ c, query, setQuery }) => {
    const replace = { replace: true }
    const bots = c.bots()
    const list = c.list(() => query.value)
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
                        onChange={(event) =>
                          void setQuery({ bot: event.currentTarget.value }, replace)
                        }
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
                        onInput={(event) =>
                          void setQuery({ search: event.currentTarget.value }, replace)
                        }
                      />
                    </label>
                    <output class="soft">
                      {() =>
                        list.value.value?.next
                          ? `the newest ${count(rows.value.length)} conversations`
                          : plural(rows.value.length, 'conversation')
                      }
                    </output>
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
                    empty={() => (
                      <Empty title="Nobody has spoken to a bot yet">
                        Try one on the Bots page, or in the chat of the application.
                      </Empty>
                    )}
                    detailOf={(id) => <TranscriptView c={c} id={id} />}
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
