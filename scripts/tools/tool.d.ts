export interface Tool {
  readonly name: string
  /** The tests that are skipped without it, as a phrase after "skipped without it: ". */
  readonly wantedBy: string
  /** The absolute path of its program, or null. Starts no process. */
  find(): string | null
  /** @throws {ToolUnavailableError} when this machine can't have it */
  install(): Promise<void>
}
/** The tool can't be installed here; the message says what is missing. */
export declare class ToolUnavailableError extends Error {
  readonly code = 'TOOL_UNAVAILABLE'
  readonly name = 'ToolUnavailableError'
}
/** The folder of installed tools: `TYPESTEAD_TOOLS`, else `typestead-tools` in the user's cache folder. */
export declare function toolsFolder(env?: Readonly<Record<string, string | undefined>>): string
/** The first of these programs that is on the PATH and may be executed. */
export declare function findOnPath(names: readonly string[], path?: string): string | null
export declare function isProgram(file: string): boolean
