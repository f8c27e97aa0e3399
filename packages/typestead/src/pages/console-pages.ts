/** The console's files: those packed with this package, or in its own workspace built from the sources when first asked for. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtPages } from './built-pages.ts'
import { PageFiles, pagePolicy } from './page-files.ts'

const packed = fileURLToPath(new URL('../../console/', import.meta.url))
const sources = fileURLToPath(new URL('../../../../apps/console/', import.meta.url))

/** GraphiQL is shown in a frame of the workbench's own origin. */
const policy = `${pagePolicy}; frame-src 'self'`

/** Answers the console's paths; `undefined` where there is no console. */
export function consolePages(
  data: string,
): ((request: Request, path: string) => Promise<Response | undefined>) | undefined {
  if (!existsSync(`${sources}index.html`) && !existsSync(`${packed}index.html`)) return undefined
  let files: Promise<PageFiles> | undefined
  return async (request, path) => {
    files ??= consoleFiles(data)
    return (await files).answer(request, path)
  }
}

async function consoleFiles(data: string): Promise<PageFiles> {
  const folder = existsSync(`${sources}index.html`)
    ? await builtPages({ folder: sources, data })
    : packed
  return new PageFiles(folder, policy)
}
