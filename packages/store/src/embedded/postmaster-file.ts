/**
 * `postmaster.pid`, the file a running PostgreSQL keeps in its cluster (miscadmin.h, "LOCK_FILE_LINE_*"; lines are added
 * as the start goes on, so the last may be missing): pid, data folder, start, port, socket folder, address, shared
 * memory key, status.
 */
export interface PostmasterFile {
  readonly pid: number
  readonly cluster: string
  readonly port: number
  /** Empty where the server has no socket. */
  readonly socketFolder: string
  readonly status: 'starting' | 'ready' | 'stopping'
}

/** Undefined when not even the pid stands there yet, or it is negative: single-user mode, which serves nobody. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  const status = lines[7]
  return {
    pid,
    cluster: lines[1] ?? '',
    port: Number(lines[3] ?? 0),
    socketFolder: lines[4] ?? '',
    status: status === 'ready' || status === 'stopping' ? status : 'starting',
  }
}

/**
 * The same file under another pid. A server refuses to start while the pid of a stale file runs as its own user, even
 * when that pid now is some other program's; its own parent's pid it ignores (CreateLockFile in miscinit.c). So we put
 * ours there and keep the shared memory key, by which it still sees backends that outlived their postmaster.
 */
export function withPid(text: string, pid: number): string {
  return text.replace(/^[^\n]*/, String(pid))
}
