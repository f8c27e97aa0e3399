/** What a test tool is to `npm run setup`: how it is found, how it is installed, and which tests go without it. */
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
/** The tool can't be installed here; the message says what is missing. */
export class ToolUnavailableError extends Error {
  code = 'TOOL_UNAVAILABLE'
  name = 'ToolUnavailableError'
}
/** The folder of installed tools: `TYPESTEAD_TOOLS`, else `typestead-tools` in the user's cache folder. */
export function toolsFolder(env = process.env) {
  return (
    env.TYPESTEAD_TOOLS || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'typestead-tools')
  )
}
/** The first of these programs that is on the PATH and may be executed. */
export function findOnPath(names, path = process.env.PATH ?? '') {
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name)
      if (folder !== '' && isProgram(file)) return file
    }
  }
  return null
}
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    // Not there or not ours to execute: both mean that it is no program for us.
    return false
  }
}
