/** Progress of long work: a bar on one line in a terminal, a plain line every tenth part elsewhere. Written to stderr. */
export interface Progress {
  /** `done` of `total`; `what` is done now. */
  at(done: number, total: number, what?: string): void
  /** Ends the bar's line. */
  end(): void
}

export interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

const width = 24

export function progress(title: string, output: ProgressOutput = process.stderr): Progress {
  let open = false
  let tenth = -1
  return {
    at(done, total, what = '') {
      const part = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total))
      const percent = `${Math.floor(part * 100)} %`.padStart(5)
      if (output.isTTY) {
        const full = Math.round(part * width)
        const bar = '█'.repeat(full) + '░'.repeat(width - full)
        const line = `${title} ${bar} ${percent} ${what}`.slice(0, (output.columns ?? 80) - 1)
        output.write(`\r\u001b[2K${line}`)
        open = true
      } else if (Math.floor(part * 10) > tenth) {
        tenth = Math.floor(part * 10)
        output.write(`${title} ${percent.trim()}${what === '' ? '' : ` ${what}`}\n`)
      }
    },
    end() {
      if (open) output.write('\n')
      open = false
    },
  }
}
