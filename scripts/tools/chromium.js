/** The system's Chromium (or Chrome), for tests that open pages; installed by apt when setup runs as root. */
import { runCommand } from '../run-command.js'
import { findOnPath, isProgram, ToolUnavailableError } from './tool.js'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const macProgram = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const minutes = 60_000
export const chromium = {
  name: 'chromium',
  wantedBy: 'tests that open pages in a real browser',
  find: () => findOnPath(names) ?? (isProgram(macProgram) ? macProgram : null),
  async install() {
    if (process.getuid?.() !== 0 || findOnPath(['apt-get']) === null) {
      throw new ToolUnavailableError(
        'it is installed by apt-get when setup runs as root; install Chromium or Chrome yourself and put it on the PATH',
      )
    }
    await apt(['update'], 3 * minutes)
    await apt(
      ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
      10 * minutes,
    )
  },
}
async function apt(args, timeoutMs) {
  const result = await runCommand('apt-get', ['-q', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs,
  })
  if (result.code !== 0) {
    throw new ToolUnavailableError(
      `"apt-get ${args.join(' ')}" failed (${result.code}): ${lastLine(result.output)}`,
    )
  }
}
function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? ''
}
