/** Loads a handler's file and finds the export that is called. Runs in workers too, so it stands on Node alone. */
import { access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Why there is nothing to call; its message says what to change. */
export class HandlerMissing extends Error {
  override readonly name = 'HandlerMissing'
}

export type LoadedHandler = (...args: unknown[]) => unknown

/**
 * @param file absolute
 * @param generation a new number loads the code anew
 * @throws {HandlerMissing} no such file or export; whatever the code throws while it loads
 */
export async function loadHandler(
  file: string,
  name: string,
  generation: number,
): Promise<LoadedHandler> {
  const loaded = await importFile(file, generation)
  const found = exported(loaded, name)
  if (found) return found
  const names = Object.keys(loaded).filter((one) => one !== 'default' && one !== 'module.exports')
  throw new HandlerMissing(
    `${file} exports no function "${name}"${names.length === 0 ? '' : `; it exports ${names.join(', ')}`}`,
  )
}

async function importFile(file: string, generation: number): Promise<Record<string, unknown>> {
  try {
    await access(file)
  } catch (cause) {
    throw new HandlerMissing(`there is no file ${file}; check the path, and the registry's root`, {
      cause,
    })
  }
  if (generation > 0) {
    const { cache } = createRequire(file)
    delete cache[file]
  }
  try {
    return await import(`${pathToFileURL(file).href}${generation > 0 ? `?v=${generation}` : ''}`)
  } catch (cause) {
    if (extname(file) === '.js' && cause instanceof ReferenceError) {
      throw new HandlerMissing(
        `${file} was loaded as an ES module (${cause.message}); name it .cjs if it is CommonJS`,
        { cause },
      )
    }
    throw cause
  }
}

function exported(loaded: Record<string, unknown>, name: string): LoadedHandler | undefined {
  // What CommonJS assigned while it ran stands only in `default`.
  for (const place of [loaded, loaded.default]) {
    const found =
      (typeof place === 'object' || typeof place === 'function') && place !== null
        ? Reflect.get(place, name)
        : undefined
    // Any function may be called; what it answers is read with care.
    if (typeof found === 'function') return found as LoadedHandler
  }
  return undefined
}
