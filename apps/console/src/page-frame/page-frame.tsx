/** @jsxImportSource @typestead/screens */
/** What all pages have: a heading, the pages beside it as links, a place for controls, and the content. */
import type { Child } from '@typestead/screens/dom'
import type { PanelEntry } from '../panel.ts'

export interface PageFrameProps {
  readonly title: string
  /** Pages of the same panel, this one among them. */
  readonly entries?: readonly PanelEntry[]
  /** This page's address. */
  readonly at?: string
  readonly actions?: Child
  /** The content fills the height and scrolls by itself. */
  readonly fills?: boolean
  readonly children: Child
}

export function PageFrame({
  title,
  entries = [],
  at,
  actions,
  fills,
  children,
}: PageFrameProps): Child {
  return (
    <main class={fills ? 'page fills' : 'page'}>
      <header class="page-head">
        <h1 tabindex={-1}>{title}</h1>
        {entries.length > 1 ? (
          <nav class="tabs" aria-label={`Pages of ${title}`}>
            {entries.map(({ label, href }) => (
              <a href={href} aria-current={href === at ? 'page' : undefined}>
                {label}
              </a>
            ))}
          </nav>
        ) : undefined}
        <div class="page-actions">{actions}</div>
      </header>
      {children}
    </main>
  )
}
