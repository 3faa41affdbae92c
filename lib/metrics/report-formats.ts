import { DeliveryError } from '../errors.js'
import { csvReport } from './csv.js'
import type { DeliveryMetrics } from './delivery-metrics.js'
import { htmlReport } from './html-report.js'
import { OPEN_METRICS_TYPE, openMetrics } from './openmetrics.js'

/** An answer to `msg.report`. */
export interface ReportAnswer {
  readonly payload: unknown
  readonly contentType: string
}

const formats = {
  json: metrics => ({ payload: JSON.stringify(metrics.report()), contentType: 'application/json' }),
  csv: metrics => ({ payload: csvReport(metrics.report()), contentType: 'text/csv; charset=utf-8' }),
  html: metrics => ({ payload: htmlReport(metrics.report()), contentType: 'text/html; charset=utf-8' }),
  openmetrics: metrics => ({ payload: openMetrics([metrics.report(true)]), contentType: OPEN_METRICS_TYPE }),
  times: metrics => ({ payload: JSON.stringify(metrics.times()), contentType: 'application/json' })
} as const satisfies Record<string, (metrics: DeliveryMetrics) => ReportAnswer>

/**
 * The report in the asked format: `true` as an object, the others as text.
 * @throws DeliveryError `REPORT_UNKNOWN`
 */
export function answerReport(metrics: DeliveryMetrics, format: unknown): ReportAnswer {
  if (format === true) return { payload: metrics.report(), contentType: 'application/json' }
  if (typeof format === 'string' && Object.hasOwn(formats, format))
    return formats[format as keyof typeof formats](metrics)
  throw new DeliveryError(
    'REPORT_UNKNOWN',
    `Expected msg.report to be true or one of ${Object.keys(formats).join(', ')}, found ${JSON.stringify(format)}`
  )
}
