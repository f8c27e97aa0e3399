/** The parts under `/_typestead`: JSON, but for the API and the events. */
export const workbenchParts = [
  ['/_typestead/app', 'what runs here: its name, its parts, its origin'],
  ['/_typestead/model', 'the entities, as data'],
  ['/_typestead/plan', 'what the classes would change'],
  ['/_typestead/live-plan', 'what the files as they are now would change'],
  ['/_typestead/migrations', 'what was migrated'],
  ['/_typestead/rows', 'how many rows each entity has; /Book, /Book/<key> its rows'],
  ['/_typestead/plans', 'how the latest operations of the API were answered'],
  ['/_typestead/schema', 'the API’s schema'],
  ['/_typestead/graphql', 'the API, for this origin'],
  ['/_typestead/endpoints', 'where everything listens'],
  ['/_typestead/health', 'what is well and what is not'],
  ['/_typestead/logs', 'the latest entries of the log'],
  ['/_typestead/traces', 'the latest requests, with what they did'],
  ['/_typestead/metrics', 'samples of /metrics, one a second'],
  ['/_typestead/channels', 'goroutines of this process'],
  ['/_typestead/events', 'all that as it happens, as server-sent events'],
] as const
