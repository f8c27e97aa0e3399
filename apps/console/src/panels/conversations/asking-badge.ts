/** How many users wait for a person, live: beside the panel's name in the sidebar, wherever one is. */
import { cell, onDispose, resource, type Scope } from '@typestead/screens'
import type { PanelBadge } from '../../panel.ts'
import { type BotHappening, followBots } from '../../server/followed-bots.ts'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import type { ConversationPage } from './conversation-rows.ts'

/** More than these are not counted. */
const most = 99
/** They leave who waits as it is. */
const others: ReadonlySet<string> = new Set(['bot', 'degraded', 'delivered', 'undelivered'])

/** Belongs to the owner that runs. */
export function askingBadge(scope: Scope): PanelBadge {
  const server = scope.find(ServerManager)
  const live = scope.find(LiveManager)
  const version = cell(0)
  /** An app without bots has no conversations to ask for. */
  const bots = resource((signal) => {
    live.opened.value
    return server.ask<{ readonly hasBots: boolean }>('/bots', { signal })
  })
  const asking = resource(async (signal): Promise<ConversationPage> => {
    version.value
    if (!bots.value.value?.hasBots) return { conversations: [], next: null }
    return server.ask(`/conversations?asksForPerson=true&limit=${most}`, { signal })
  })
  const counts = ({ type, conversation }: BotHappening) => {
    if (conversation === undefined) return !others.has(type)
    const known = asking.value.peek()?.conversations ?? []
    return conversation.asksForPerson || known.some(({ id }) => id === conversation.id)
  }
  onDispose(followBots(live, counts, () => version.update((count) => count + 1)))
  return {
    text: () => {
      const { conversations, next } = asking.value.value ?? { conversations: [], next: null }
      if (conversations.length === 0) return ''
      return next === null ? String(conversations.length) : `${most}+`
    },
    meaning: 'waiting for a person',
  }
}
