/** Bots as the workbench answers them, as far as the pages know of them; what they do not know they leave as it is. */

export interface MessageShape {
  readonly contentType: string
  readonly content: string
}

export interface PromptShape {
  readonly retries: number
  readonly selection: 'Random' | 'Ordered'
  readonly groups: readonly (readonly MessageShape[])[]
  readonly attempts: readonly (readonly (readonly MessageShape[])[])[]
  readonly card: unknown
}

export interface StatementShape {
  readonly groups: readonly (readonly MessageShape[])[]
  readonly card: unknown
}

export interface SlotShape {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly priority: number
  readonly prompt: PromptShape | null
  readonly utterances: readonly string[]
  readonly defaults: readonly string[]
  readonly multiple: boolean
  readonly obfuscated: boolean
}

export interface IntentShape {
  readonly name: string
  readonly description: string
  readonly builtin: string | null
  readonly utterances: readonly string[]
  readonly slots: readonly SlotShape[]
  readonly confirmation: { readonly prompt: PromptShape; readonly rejection: StatementShape } | null
  readonly dialogHook: string | null
  readonly fulfilmentHook: string | null
  readonly [other: string]: unknown
}

export interface LocaleShape {
  readonly intents: readonly IntentShape[]
  readonly slotTypes: readonly { readonly name: string }[]
  readonly [other: string]: unknown
}

export interface BotShape {
  readonly name: string
  readonly sessionTtlSeconds: number
  readonly defaultLocale: string
  readonly locales: Readonly<Record<string, LocaleShape>>
  readonly [other: string]: unknown
}

export interface AliasShape {
  readonly alias: string
  readonly version: string
  /** The version that the app's code released under it last; null where the code does not know it. */
  readonly released: string | null
  readonly checksum: string
  readonly updatedAt: number
}

export interface VersionShape {
  readonly version: string
  readonly description: string
  readonly hash: string
  readonly createdAt: number
}

export interface BotSummary {
  readonly bot: string
  readonly versions: number
  readonly aliases: readonly AliasShape[]
  readonly updatedAt: number
}

export interface BotDetails {
  readonly model: BotShape
  readonly version: string
  readonly versions: readonly VersionShape[]
  readonly aliases: readonly AliasShape[]
  /** Of the draft. */
  readonly checksum: string | null
}

/** Whether people have the alias name another version than the app's code does. */
export function isChangedHere({ version, released }: AliasShape): boolean {
  return released !== null && released !== version
}
