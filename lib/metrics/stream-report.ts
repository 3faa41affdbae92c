import { variation } from './aliasing.js'
import { flag } from './flag.js'
import { lagOf } from './lane-report.js'
import type { StreamReport } from './report.js'
import type { Stream } from './stream.js'

/** The figures of one stream (CONTRACT 5): what was generated, and how regularly. */
export function streamReport(stream: Stream, detail: boolean): StreamReport {
  const { gaps } = stream
  const mean = gaps.count > 0 ? gaps.mean : null
  const lag = lagOf(stream.scheduleLag)
  return {
    stream: stream.name,
    origin: stream.origin,
    generated: stream.generated,
    ratePerSecond: mean !== null && mean > 0 ? 1000 / mean : null,
    speed: stream.speed,
    gaps: {
      count: gaps.count,
      mean,
      cv: variation(gaps),
      ...(detail ? { histogram: gaps.toJSON(), last: stream.lastGaps } : {})
    },
    scheduleLagMs: lag,
    flags:
      lag !== null && mean !== null && lag.p99 > mean / 10
        ? [
            flag(
              'SCHEDULE_LAG',
              'The workload is late by over a tenth of the mean gap: the traffic is not what was asked for.',
              ['gaps', 'ratePerSecond'],
              'Lower the rate, or give this computer less to do.',
              { case: 'workload', lagMs: lag.p99, gapMs: mean }
            )
          ]
        : [],
    advice: null
  }
}
