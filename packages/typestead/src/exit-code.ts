/** The exit codes of every command: scripts and outsiders rely on them. The table is in the README and in `--help`. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  migrationsPending: 3,
  refused: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** For `--help`. */
export const exitCodeHelp = `
Exit codes:
  0  done, or ended by SIGTERM or SIGINT
  1  an error: the message says what to change
  2  wrong usage: an unknown command or option, a bad value of an option or environment variable
  3  the database waits for migrations: look with "typestead plan", run "typestead db migrate"
  4  refused: it would lose data or break clients, or is not fit for production; the message says how to allow it`
