/** What a run tells `typestead dev` once it serves. An app may send messages of its own, which are none of dev's. */
import type { ReadyMessage } from '../server/announce.ts'

export interface Ready {
  /** The variables with which the next run listens where this one does. */
  readonly ports: Readonly<Record<string, string>>
  /** The data folder of the embedded server; undefined where the app uses another one. */
  readonly embedded: string | undefined
}

/** Undefined for a message that is not the one of `announce`. */
export function readReady(message: unknown): Ready | undefined {
  if (!isReady(message)) return undefined
  const { endpoints, embedded, data } = message
  const application = portOf(endpoints.application)
  const workbench = portOf(endpoints.workbench)
  return {
    ports: {
      ...(application === undefined ? {} : { PORT: application }),
      ...(workbench === undefined ? {} : { TYPESTEAD_WORKBENCH_PORT: workbench }),
    },
    embedded: embedded ? data : undefined,
  }
}

function isReady(message: unknown): message is ReadyMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'ready' &&
    'endpoints' in message &&
    typeof message.endpoints === 'object' &&
    message.endpoints !== null &&
    'data' in message &&
    typeof message.data === 'string'
  )
}

/** Port 80 is not in a URL's `port`. */
function portOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).port || '80' : undefined
}
