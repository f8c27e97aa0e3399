/** `<data>/postgres.log`, the server's own words: kept under a size, and quoted when a start fails. */
import { closeSync, openSync, readSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { type EmbeddedFolder, giveToDataOwner } from './embedded-folder.ts'

const limit = 5 * 1024 * 1024
const kept = 64 * 1024

/**
 * Opens the log for the server's output.
 * @returns a file descriptor, which the caller closes, and the offset from which this start's lines will stand
 */
export function openLog(folder: EmbeddedFolder): { descriptor: number; from: number } {
  boundLog(folder.log)
  const descriptor = openSync(folder.log, 'a', 0o600)
  giveToDataOwner(folder, folder.log)
  return { descriptor, from: statSync(folder.log).size }
}

/**
 * Cuts a log of more than 5 MiB down to its last 64 KiB. Safe while the server writes, because it appends; a line
 * written in the same instant may be lost.
 */
export function boundLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= limit) return
  const end = readFrom(path, size - kept)
  truncateSync(path, 0)
  writeFileSync(path, end.slice(end.indexOf('\n') + 1), { flag: 'a' })
}

/** The last lines of what stands from an offset on; 64 KiB at most. */
export function logTail(path: string, from: number, lines = 15): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size
  if (size === undefined) return ''
  const text = readFrom(path, Math.max(Math.min(from, size), size - kept))
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

function readFrom(path: string, from: number): string {
  const descriptor = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(kept + 1)
    const count = readSync(descriptor, buffer, 0, buffer.length, from)
    return buffer.toString('utf8', 0, count)
  } finally {
    closeSync(descriptor)
  }
}
