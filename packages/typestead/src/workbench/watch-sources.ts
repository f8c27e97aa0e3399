/**
 * Tells of changes of an app's own files. Unlike `watchFiles` it looks into no folder that it would leave out anyway
 * (installed packages, the data folder), so it costs little in an app that only runs.
 */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { join, relative } from 'node:path'
import { isWatched } from '../dev/watch-files.ts'

const settleMilliseconds = 120
/** An app with more folders has something among its sources that is none of them. */
const mostFolders = 500

/** @param onChange gets the last changed file, from the folder */
export function watchSources(folder: string, onChange: (file: string) => void): Disposable {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const look = (at: string) => {
    if (watchers.has(at) || watchers.size >= mostFolders) return
    const inside = foldersIn(at)
    if (inside === undefined) return
    const watcher = watch(at, { persistent: false }, (_event, name) => {
      if (name === null) return
      const file = relative(folder, join(at, name))
      if (!isWatched(file)) return
      look(join(at, name))
      clearTimeout(timer)
      timer = setTimeout(() => onChange(file), settleMilliseconds)
    })
    // The folder is gone.
    watcher.on('error', () => forget(at))
    watchers.set(at, watcher)
    for (const name of inside) {
      if (isWatched(relative(folder, join(at, name)))) look(join(at, name))
    }
  }
  const forget = (at: string) => {
    watchers.get(at)?.close()
    watchers.delete(at)
  }
  look(folder)
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}

/** A source that was changed after `time` (milliseconds since 1970), from the folder. */
export function changedSince(folder: string, time: number): string | undefined {
  const open = [folder]
  for (let at = open.pop(), seen = 0; at !== undefined && seen < mostFolders; at = open.pop()) {
    seen++
    for (const entry of entriesOf(at) ?? []) {
      const path = join(at, entry.name)
      const file = relative(folder, path)
      if (!isWatched(file)) continue
      if (entry.isDirectory()) open.push(path)
      else if (entry.isFile() && modified(path) > time) return file
    }
  }
  return undefined
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Undefined for what is no folder, or is gone. */
function foldersIn(at: string): readonly string[] | undefined {
  return entriesOf(at)
    ?.filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

function entriesOf(at: string) {
  try {
    return readdirSync(at, { withFileTypes: true })
  } catch {
    return undefined // a file, or gone since it was named
  }
}
