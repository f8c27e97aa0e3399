/** What a user writes. */
export interface BotDefinition {
  readonly name: string
}
