/** `<cluster>/typestead.json`: says that the cluster is ours and complete, and as which user its server runs. */
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { parseRunAs, type RunAs } from './run-as.ts'

export interface ClusterMarker {
  readonly version: 1
  readonly runAs: RunAs
}

export const markerName = 'typestead.json'

/**
 * Undefined when it is not a whole marker.
 * @throws {EmbeddedPostgresError} EMBEDDED_FORMAT_NEWER for a version after 1
 */
export function parseMarker(text: string): ClusterMarker | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('version' in value)) return undefined
  if (typeof value.version === 'number' && value.version > 1) {
    throw new EmbeddedPostgresError(
      'EMBEDDED_FORMAT_NEWER',
      `the cluster's ${markerName} has format ${value.version}; this Typestead reads format 1. Update @typestead/store.`,
    )
  }
  const runAs = 'runAs' in value ? parseRunAs(value.runAs) : undefined
  return value.version === 1 && runAs ? { version: 1, runAs } : undefined
}

export function formatMarker(marker: ClusterMarker): string {
  return `${JSON.stringify(marker)}\n`
}
