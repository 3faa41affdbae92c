import { readFileSync } from 'node:fs'
import type { Ms } from '../units.js'

/**
 * CPU time in ms that the calling thread has used since it began, or null where the platform does not tell.
 * Linux: the first number of `/proc/thread-self/schedstat`, in ns; elsewhere `process.threadCpuUsage`, if this Node has it.
 */
export function threadCpuMs(): Ms | null {
  try {
    const nanoseconds = Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'latin1'), 10)
    // all zero where the kernel keeps no statistics
    if (nanoseconds > 0) return nanoseconds / 1e6
  } catch {
    // no such file: not Linux
  }
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } }
  if (!threadCpuUsage) return null
  const { user, system } = threadCpuUsage.call(process)
  return (user + system) / 1000
}
