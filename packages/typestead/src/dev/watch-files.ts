/** Tells of changes of an app's files, several at once as one: editors and version control write many. */
import { watch } from 'node:fs'
import { sep } from 'node:path'

const settleMilliseconds = 80

/** @param onChange gets the path of the last changed file, from the folder */
export function watchFiles(folder: string, onChange: (file: string) => void): Disposable {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (file === null || !isWatched(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => onChange(file), settleMilliseconds)
  })
  watcher.on('error', (error) => {
    process.stderr.write(`typestead: ${folder} is no longer watched: ${error.message}\n`)
  })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

/** Files that a run may have read: no hidden ones, no tests, nothing that was installed, built or added by the console. */
export function isWatched(file: string): boolean {
  const parts = file.split(sep)
  if (
    parts.some(
      (part) =>
        part.startsWith('.') || ['node_modules', 'dist', 'coverage', 'vendor'].includes(part),
    )
  )
    return false
  const name = parts.at(-1) ?? ''
  return !/\.(md|added\.jsonl|tgz|log|tmp|swp|test\.ts)$|~$|^\d+$/.test(name)
}
