/** What the machine did meanwhile, from /proc: zeroes where there is none, so that a bench runs everywhere. */
import { readFileSync } from 'node:fs'

/** Clock ticks per second of /proc on every Linux that Node runs on. */
const ticksPerSecond = 100
/** Above this share of stolen processor time a round says nothing about us (design.md §7). */
export const stealShareMax = 0.05

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

export type ProcessorTimes = { total: number; stolen: number }

export function processorTimes(): ProcessorTimes {
  const fields = (readProc('/proc/stat').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map(Number)
  return { total: fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), stolen: fields[7] ?? 0 }
}

export function stolenShare(before: ProcessorTimes, after: ProcessorTimes): number {
  const total = after.total - before.total
  return total > 0 ? (after.stolen - before.stolen) / total : 0
}

/** Processor time of a process and its threads so far, in microseconds. */
export function processMicroseconds(pid: number): number {
  const stat = readProc(`/proc/${pid}/stat`)
  // The second field is the command in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond) * 1e6
}

/** Processor time of all children of a process and theirs, those that have ended included, in microseconds. */
export function childrenMicroseconds(pid: number): number {
  const children = readProc(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number)
  return children.reduce((sum, child) => {
    const stat = readProc(`/proc/${child}/stat`)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ended = Number(fields[13] ?? 0) + Number(fields[14] ?? 0)
    return sum + processMicroseconds(child) + (ended / ticksPerSecond) * 1e6 + childrenMicroseconds(child)
  }, 0)
}

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
}
