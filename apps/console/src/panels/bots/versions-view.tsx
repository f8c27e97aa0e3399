/** @jsxImportSource @typestead/screens */
/** Versions and aliases: publish the draft, point an alias to another version. */
import { cell } from '@typestead/screens'
import { type Child, DataTable, type TableColumn } from '@typestead/screens/dom'
import { Empty } from '../../page-frame/states.tsx'
import { messageOf } from '../../server/server-error.ts'
import type { BotDetails, VersionShape } from './bot-shape.ts'
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
        <ul class="dashes">
          {() =>
            found().aliases.map(({ alias: one, version, checksum }) => (
              <li>
                <label>
                  {one}{' '}
                  <select
                    value={version}
                    onChange={(event) => {
                      const next = event.currentTarget.value
                      void act(async () => {
                        await c.setAlias(name(), one, next, checksum)
                        return `${one} points to version ${next}.`
                      })
                    }}
                  >
                    {found().versions.map((known) => (
                      <option value={known.version}>{known.version}</option>
                    ))}
                  </select>
                </label>
              </li>
            ))
          }
        </ul>
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
