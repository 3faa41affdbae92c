import type { Loss } from '../../lib/push/subscriber-options.js'

/** Puts losses together: one report a second at most, naming the stream that lost last. */
export function lossReporter(report: (loss: { stream: string; missed: number; total: number }) => void): {
  add(loss: Loss): void
  close(): void
} {
  let total = 0
  let missed = 0
  let stream = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    if (missed === 0) return
    report({ stream, missed, total })
    missed = 0
    timer = setTimeout(flush, 1000)
  }
  return {
    add(loss) {
      total = loss.total
      missed += loss.missed
      stream = loss.stream
      if (timer === undefined) flush()
    },
    close: () => clearTimeout(timer)
  }
}
