/** @jsxImportSource @typestead/screens */
/** The app's bots, and the making of another one. */
import { cell, page } from '@typestead/screens'
import { type Child, DataTable, Show, type TableColumn } from '@typestead/screens/dom'
import { count } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { messageOf } from '../../server/server-error.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { type AliasShape, type BotSummary, isChangedHere } from './bot-shape.ts'
import { BotsManager } from './bots-manager.ts'
import { botRoute, botsRoute } from './bots-routes.ts'
import { newBot } from './edit-bot.ts'
import './bots.css'

const columns: readonly TableColumn<BotSummary>[] = [
  {
    name: 'bot',
    label: 'Bot',
    render: (row) => (
      <a href={() => botRoute.href({ bot: row.value.bot })}>{() => row.value.bot}</a>
    ),
  },
  { name: 'versions', label: 'Versions', align: 'end', show: ({ versions }) => count(versions) },
  {
    name: 'aliases',
    label: 'Aliases',
    show: ({ aliases }) => aliases.map(aliasText).join(', '),
  },
]

function aliasText(alias: AliasShape): string {
  const mark = isChangedHere(alias) ? ' (changed here)' : ''
  return `${alias.alias} → ${alias.version}${mark}`
}

export const botsPage = page({
  route: botsRoute,
  title: 'Bots',
  controller: BotsManager,
  bindings: (s) =>
    s.lazyPut(BotsManager, (s) => new BotsManager(s.find(ServerManager), s.find(LiveManager))),
  view: ({ c, navigate }) => {
    const list = c.bots()
    return (
      <PageFrame title="Bots">
        <Loaded resource={list}>
          {(all) => (
            <Show
              when={() => all().hasBots}
              fallback={() => (
                <Empty title="This app has no bots yet">
                  Name some in typestead.config.ts:{' '}
                  <code>{'bots: { define: (app) => [orders(app.db)] }'}</code>
                </Empty>
              )}
            >
              {() => (
                <>
                  <DataTable
                    rows={() => all().bots}
                    key={({ bot }) => bot}
                    columns={columns}
                    label="Bots; Enter opens one"
                    class="bots"
                    onOpen={({ bot }) => void navigate(botRoute.href({ bot }))}
                    empty={() => <Empty title="No bot is built yet">Make one below.</Empty>}
                  />
                  <NewBot c={c} onMade={(bot) => void navigate(botRoute.href({ bot }))} />
                </>
              )}
            </Show>
          )}
        </Loaded>
      </PageFrame>
    )
  },
})

function NewBot(props: { readonly c: BotsManager; readonly onMade: (bot: string) => void }): Child {
  const name = cell('')
  const problem = cell('')
  const make = async () => {
    problem.set('')
    try {
      await props.c.build(newBot(name.peek().trim()), null)
      props.onMade(name.peek().trim())
    } catch (error) {
      problem.set(messageOf(error))
    }
  }
  return (
    <form
      class="new-bot"
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <h2>Make a bot</h2>
      <label>
        Name
        <input
          value={name}
          required
          pattern="[A-Za-z_]{2,50}"
          title="2 to 50 letters and underscores"
          onInput={(event) => name.set(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Make it
      </button>
      <p role="alert" class="failed-text">
        {() => problem.value}
      </p>
    </form>
  )
}
