/** The console's files: those packed with this package, or in its own workspace built from the sources when first asked for. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findInstalled } from '../config/installed.ts'
import { builtPages } from './built-pages.ts'
import { PageFiles, pagePolicy } from './page-files.ts'

const packed = fileURLToPath(new URL('../../console/', import.meta.url))

/** It is not published by itself, so it is there in the workspace alone. */
function sourceFolder(): string | undefined {
  const manifest = findInstalled('@typestead/console/package.json', import.meta.dirname)
  return manifest === undefined ? undefined : dirname(manifest)
}

/** GraphiQL is shown in a frame of the workbench's own origin. */
const policy = `${pagePolicy}; frame-src 'self'`

/** Answers the console's paths; `undefined` where there is no console. */
export function consolePages(
  data: string,
): ((request: Request, path: string) => Promise<Response | undefined>) | undefined {
  const source = sourceFolder()
  if (source === undefined && !existsSync(join(packed, 'index.html'))) return undefined
  let files: Promise<PageFiles> | undefined
  return async (request, path) => {
    files ??= consoleFiles(source, data)
    try {
      return await (await files).answer(request, path)
    } catch (error) {
      // The next one tries again: its sources may have been mended.
      files = undefined
      throw error
    }
  }
}

async function consoleFiles(source: string | undefined, data: string): Promise<PageFiles> {
  const folder = source === undefined ? packed : await builtPages({ folder: source, data })
  return new PageFiles(folder, policy)
}
