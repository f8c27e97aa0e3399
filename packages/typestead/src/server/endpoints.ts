/** `endpoints.json` in the data folder: where a running app listens. Written when both ports do, removed on a clean end. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../config/data-folder.ts'

export interface Endpoints {
  readonly version: 1
  readonly pid: number
  /** The application's origin. */
  readonly application: string
  readonly workbench?: string
}

export function writeEndpoints(data: string, endpoints: Endpoints): void {
  writeAtomically(join(data, 'endpoints.json'), `${JSON.stringify(endpoints, undefined, 2)}\n`)
}

/** Only what this process wrote: another one may serve the same data folder by now. */
export function removeEndpoints(data: string): void {
  const file = join(data, 'endpoints.json')
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const isOurs =
      typeof content === 'object' &&
      content !== null &&
      'pid' in content &&
      content.pid === process.pid
    if (isOurs) rmSync(file, { force: true })
  } catch (error) {
    // Gone with its folder, or replaced by something that is not ours.
    if (!(error instanceof SyntaxError) && !isMissing(error)) throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
