export interface CommandOptions {
  readonly cwd?: string
  /** Variables added to this process's own; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Milliseconds until the program is killed; none by default. */
  readonly timeoutMs?: number
  /** Called with each piece of output as it comes. */
  readonly onOutput?: (text: string) => void
}
export interface CommandResult {
  /** The exit code; 124 after the time limit, 127 when the program could not be started, 128 when a signal ended it. */
  readonly code: number
  readonly stdout: string
  /** stdout and stderr as they came. */
  readonly output: string
  /** Wall-clock time, milliseconds. */
  readonly elapsedMs: number
}
export declare function runCommand(
  command: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult>
