/** Rows of claimed tasks, as all statements that claim give them. */
import type { ClaimedTask, TaskKind } from './task.ts'

export function claimedColumns(now: string): string {
  return `seq, id, key, payload, version, attempts, lost, created, ${now}, resumed`
}

export function claimedOf(row: readonly unknown[], queue: string, kind: TaskKind): ClaimedTask {
  const [seq, id, key, payload, version, attempts, lost, created, at, resumed] = row
  return {
    seq: Number(seq),
    id: String(id),
    kind,
    queue,
    key: textOf(key),
    payload: textOf(payload),
    version: Number(version),
    attempts: Number(attempts),
    lost: Number(lost),
    created: Number(created),
    claimed: Number(at),
    began: Number(resumed),
  }
}

export function textOf(cell: unknown): string | null {
  return cell === null ? null : String(cell)
}
