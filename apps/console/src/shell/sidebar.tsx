/** @jsxImportSource @typestead/screens */
/** The panels with their pages, the state of the app, the theme. */
import { resource } from '@typestead/screens'
import type { App, Child } from '@typestead/screens/dom'
import { PreferencesManager } from '@typestead/screens/managers'
import type { Panel, PanelBadge } from '../panel.ts'
import { panels } from '../panels.ts'
import { LiveManager } from '../server/live-manager.ts'
import { ServerManager } from '../server/server-manager.ts'
import { followTheme, themes } from './theme.ts'

export interface AppFacts {
  readonly name: string
  readonly application: string
  readonly entities: readonly string[]
  readonly api: boolean
}

export function Sidebar({
  app,
  onPalette,
}: {
  readonly app: App
  readonly onPalette: () => void
}): Child {
  const live = app.scope.find(LiveManager)
  const server = app.scope.find(ServerManager)
  const theme = followTheme(app.scope.find(PreferencesManager))
  const facts = resource((signal) => {
    live.opened.value
    return server.ask<AppFacts>('/app', { signal })
  })
  /** The router follows links in the pages; those here are outside of them. */
  const go = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || link.origin !== location.origin || link.target !== '') return
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    void app.navigate(link.pathname + link.search)
  }
  return (
    <aside class="sidebar">
      <div class="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <div>
          <p class="brand-name">{() => facts.value.value?.name ?? 'Typestead'}</p>
          <p class="brand-what">Console</p>
        </div>
      </div>
      <button type="button" class="search" onClick={onPalette}>
        <span>Go to…</span>
        <kbd>{/Mac/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <nav aria-label="Panels" ref={(nav) => nav.addEventListener('click', go)}>
        {panels.map((panel) => (
          <PanelLinks app={app} panel={panel} badge={panel.badge?.(app.scope)} />
        ))}
      </nav>
      <div class="sidebar-foot">
        <p class="app-state">
          <span class={() => `dot ${stateOf(live).kind}`} aria-hidden="true" />
          <span>{() => stateOf(live).text}</span>
        </p>
        <a href={() => facts.value.value?.application ?? '#'} target="_blank" rel="noreferrer">
          Open the application <span aria-hidden="true">↗</span>
        </a>
        <label class="theme">
          <span>Theme</span>
          <select
            value={theme}
            onChange={(event) =>
              theme.set(themes.find((one) => one === event.currentTarget.value) ?? 'auto')
            }
          >
            {themes.map((name) => (
              <option value={name}>{name === 'auto' ? 'as the system' : name}</option>
            ))}
          </select>
        </label>
      </div>
    </aside>
  )
}

interface PanelLinksProps {
  readonly app: App
  readonly panel: Panel
  readonly badge: PanelBadge | undefined
}

function PanelLinks({ app, panel, badge }: PanelLinksProps): Child {
  const [first] = panel.entries
  const base = `/${first?.href.split('/')[1] ?? ''}`
  const isHere = () => `${app.address.value.pathname}/`.startsWith(`${base}/`)
  const current = (href: string) => () => {
    const { pathname } = app.address.value
    if (pathname === href) return 'page'
    return href !== first?.href && pathname.startsWith(`${href}/`) ? 'true' : null
  }
  return (
    <div class={() => (isHere() ? 'panel-links here' : 'panel-links')}>
      <a class="panel-link" href={first?.href} aria-current={current(first?.href ?? '')}>
        <svg class="panel-icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d={panel.icon} />
        </svg>
        <span>{panel.name}</span>
        {badge === undefined ? undefined : (
          <span class="badge" hidden={() => badge.text() === ''}>
            {badge.text} <span class="unseen">{badge.meaning}</span>
          </span>
        )}
      </a>
      {badge === undefined ? undefined : (
        <p class="unseen" role="status">
          {() => (badge.text() === '' ? '' : `${panel.name}: ${badge.text()} ${badge.meaning}`)}
        </p>
      )}
      <ul class="panel-pages" hidden={() => !isHere() || panel.entries.length < 2}>
        {panel.entries.map(({ label, href }) => (
          <li>
            <a href={href} aria-current={current(href)}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

function stateOf(live: LiveManager): { readonly kind: string; readonly text: string } {
  if (live.connection.value === 'lost') return { kind: 'bad', text: 'No answer' }
  const health = live.health.value
  if (health === undefined) return { kind: 'waiting', text: 'Connecting…' }
  return health.status === 'ready'
    ? { kind: 'good', text: 'Everything serves' }
    : { kind: 'bad', text: `Not everything serves` }
}
