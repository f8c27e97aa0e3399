/** The JSON parts under `/_typestead`. */
export const workbenchParts = [
  ['/_typestead/model', 'the entities, as data'],
  ['/_typestead/plan', 'what the classes would change'],
  ['/_typestead/migrations', 'what was migrated'],
  ['/_typestead/schema', 'the API’s schema'],
  ['/_typestead/endpoints', 'where everything listens'],
  ['/_typestead/health', 'what is well and what is not'],
] as const
