/** What a panel is: its place in the sidebar and the pages it opens. See the README. */
import type { Page, Scope } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'

export interface PanelEntry {
  readonly label: string
  readonly href: string
}

/** What waits in a panel, told beside its name. */
export interface PanelBadge {
  /** Empty: nothing waits. */
  readonly text: () => string
  /** Said after it to who cannot see where it stands: "waiting for a person". */
  readonly meaning: string
}

export interface Panel {
  readonly name: string
  /** The `d` of a path in a field of 24 by 24, drawn as a line. */
  readonly icon: string
  /** The first one is where the panel opens. */
  readonly entries: readonly PanelEntry[]
  readonly pages: readonly Page<Child>[]
  /** Belongs to the owner that runs: the sidebar. */
  readonly badge?: (scope: Scope) => PanelBadge
  /** Managers that live as long as the app; those of a page are bound by the page. */
  readonly register?: (scope: Scope) => void
}
