/** Every panel, in the order of the sidebar. This is the one place where a panel is registered. */
import type { Panel } from './panel.ts'
import { apiPanel } from './panels/api/api-panel.ts'
import { botsPanel } from './panels/bots/bots-panel.ts'
import { channelsPanel } from './panels/channels/channels-panel.ts'
import { conversationsPanel } from './panels/conversations/conversations-panel.ts'
import { journalPanel } from './panels/journal/journal-panel.ts'
import { modelPanel } from './panels/model/model-panel.ts'
import { operationsPanel } from './panels/operations/operations-panel.ts'
import { understandingPanel } from './panels/understanding/understanding-panel.ts'

export const panels: readonly Panel[] = [
  operationsPanel,
  apiPanel,
  modelPanel,
  channelsPanel,
  understandingPanel,
  conversationsPanel,
  botsPanel,
  journalPanel,
]
