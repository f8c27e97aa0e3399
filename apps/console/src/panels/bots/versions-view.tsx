/** @jsxImportSource @typestead/screens */
/** Versions and aliases: publish the draft, point an alias to another version. */
import { cell } from '@typestead/screens'
import { type Child, DataTable, For, Show, type TableColumn } from '@typestead/screens/dom'
import { Empty } from '../../page-frame/states.tsx'
import { messageOf } from '../../server/server-error.ts'
import { type AliasShape, type BotDetails, isChangedHere, type VersionShape } from './bot-shape.ts'
import type { BotsManager } from './bots-manager.ts'

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

const columns: readonly TableColumn<VersionShape>[] = [
  { name: 'version', label: 'Version', show: ({ version }) => version },
  { name: 'made', label: 'Published', show: ({ createdAt }) => when.format(createdAt) },
  { name: 'description', label: 'Description', show: ({ description }) => description },
  { name: 'hash', label: 'Content', show: ({ hash }) => hash.slice(0, 12) },
]

export function VersionsView(props: {
  readonly c: BotsManager
  readonly found: () => BotDetails
}): Child {
  const { c, found } = props
  const news = cell('')
  const alias = cell('prod')
  const act = async (work: () => Promise<string>) => {
    try {
      news.set(await work())
    } catch (error) {
      news.set(messageOf(error))
    }
  }
  const name = () => found().model.name
  const publish = () =>
    act(async () => {
      const version = await c.publish(name(), alias.peek().trim(), found().checksum)
      return `Version ${version} is published.`
    })
  return (
    <div class="versions">
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          void publish()
        }}
      >
        <label>
          Publish the draft, and point this alias to it
          <input value={alias} onInput={(event) => alias.set(event.currentTarget.value)} />
        </label>
        <button type="submit" class="primary">
          Publish
        </button>
      </form>
      <p role="status">{() => news.value}</p>
      <section>
        <h2>Aliases</h2>
        <Show
          when={() => found().aliases.length > 0}
          fallback={() => <p class="soft">None yet: publish the draft under one above.</p>}
        >
          {() => (
            <ul class="aliases">
              <For each={() => found().aliases} key={({ alias: one }) => one}>
                {(one) => (
                  <AliasRow
                    alias={() => one.value}
                    versions={() => found().versions}
                    onPoint={(version) =>
                      act(async () => {
                        await c.setAlias(name(), one.value.alias, version, one.value.checksum)
                        return `${one.value.alias} points to version ${version}.`
                      })
                    }
                  />
                )}
              </For>
            </ul>
          )}
        </Show>
      </section>
      <section>
        <h2>Versions</h2>
        <DataTable
          rows={() => found().versions}
          key={({ version }) => version}
          columns={columns}
          label="Versions"
          class="bots"
          empty={() => <Empty title="Nothing is published yet">Publish the draft above.</Empty>}
        />
      </section>
    </div>
  )
}

/** Kept while others change the list, so that a choice that is open stays open. */
function AliasRow(props: {
  readonly alias: () => AliasShape
  readonly versions: () => readonly VersionShape[]
  readonly onPoint: (version: string) => Promise<void>
}): Child {
  const { alias, versions, onPoint } = props
  return (
    <li>
      <label>
        <strong>{() => alias().alias}</strong> serves version{' '}
        <select onChange={(event) => void onPoint(event.currentTarget.value)}>
          <For each={versions} key={({ version }) => version}>
            {(known) => (
              <option
                value={() => known.value.version}
                selected={() => known.value.version === alias().version}
              >
                {() => known.value.version}
              </option>
            )}
          </For>
        </select>
      </label>
      <Show when={() => isChangedHere(alias())}>
        {() => (
          <p class="note">
            {() =>
              `The app's code defines version ${alias().released}; this one was chosen here. It is served until the definition in the code changes.`
            }{' '}
            <button
              type="button"
              class="quiet"
              onClick={() => void onPoint(alias().released ?? alias().version)}
            >
              {() => `Serve version ${alias().released} again`}
            </button>
          </p>
        )}
      </Show>
    </li>
  )
}
