/** Whether this machine is quiet enough to judge goals on: how much of its CPUs others use while we do nothing. */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** CPU time since the start of the machine, summed over its CPUs, in one unit. */
export interface CpuTimes {
  readonly total: number
  readonly idle: number
  /** What the host gave to other machines; 0 where it can't be known. */
  readonly stolen: number
}

/** A reason not to trust figures now, or undefined. Waits half a second, idle. */
export async function busyReason(): Promise<string | undefined> {
  const before = cpuTimes()
  await sleep(500)
  return judgeBusy(before, cpuTimes())
}

/** Busy: others use more than a quarter of the CPUs, or the host withholds more than a twentieth. */
export function judgeBusy(before: CpuTimes, after: CpuTimes): string | undefined {
  const total = after.total - before.total
  if (total <= 0) return undefined
  const stolen = (after.stolen - before.stolen) / total
  const used = 1 - (after.idle - before.idle) / total - stolen
  if (used > 0.25) return `other processes use ${percent(used)} of the CPUs`
  if (stolen > 0.05) return `the host withholds ${percent(stolen)} of the CPUs`
  return undefined
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}

function cpuTimes(): CpuTimes {
  if (process.platform === 'linux') return parseProcStat(readFileSync('/proc/stat', 'utf8'))
  const sum = { total: 0, idle: 0, stolen: 0 }
  for (const { times } of cpus()) {
    sum.idle += times.idle
    sum.total += times.idle + times.user + times.nice + times.sys + times.irq
  }
  return sum
}

/** The first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal …` (proc_stat(5)). */
export function parseProcStat(text: string): CpuTimes {
  const [, ...fields] = (text.split('\n')[0] ?? '').trim().split(/\s+/)
  const counts = fields.slice(0, 8).map(Number)
  return {
    total: counts.reduce((sum, count) => sum + count, 0),
    idle: (counts[3] ?? 0) + (counts[4] ?? 0),
    stolen: counts[7] ?? 0,
  }
}
