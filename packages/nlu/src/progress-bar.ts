/** The progress of a command: one line that grows in a terminal, a line every tenth part elsewhere. */
import type { CommandOutput } from './commands.ts'

const width = 24

/** Shows progress, 0 to 1, and lines between. */
export function progressBar(err: CommandOutput['err']) {
  let tenth = -1
  let open = false
  return {
    at(done: number, what: string) {
      const percent = `${Math.floor(done * 100)} %`
      if (err.isTTY) {
        const full = Math.round(done * width)
        err.write(
          `\r\u001b[2Ktrain ${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} ${what}`,
        )
        open = true
      } else if (Math.floor(done * 10) > tenth) {
        tenth = Math.floor(done * 10)
        err.write(`train ${percent} ${what}\n`)
      }
    },
    line(text: string) {
      err.write(`${open ? '\r\u001b[2K' : ''}${text}\n`)
      open = false
    },
    end() {
      if (open) err.write('\n')
      open = false
    },
  }
}
