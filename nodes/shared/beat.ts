import { performance } from 'node:perf_hooks'

/**
 * How long until the next multiple of `everyMs`. What many nodes put off until then wakes the thread once,
 * and not once for each of them.
 */
export const untilBeat = (everyMs: number): number => everyMs - (performance.now() % everyMs)
