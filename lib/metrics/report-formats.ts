import { DeliveryError } from '../errors.js'
import { csvReport } from './csv.js'
import type { DeliveryMetrics } from './delivery-metrics.js'
import { OPEN_METRICS_TYPE, openMetrics } from './openmetrics.js'
import { htmlReport } from './page/page.js'
import type { PageFacts } from './page/page-facts.js'

/** An answer to `msg.report`. */
export interface ReportAnswer {
  readonly payload: unknown
  readonly contentType: string
}

interface TextAnswer extends ReportAnswer {
  readonly payload: string
}

/** The forms of a report as text, as `msg.report` and the admin endpoints name them. */
export const reportFormats = {
  json: metrics => ({ payload: JSON.stringify(metrics.report()), contentType: 'application/json' }),
  csv: metrics => ({ payload: csvReport(metrics.report()), contentType: 'text/csv; charset=utf-8' }),
  html: (metrics, facts) => ({
    payload: htmlReport(metrics.report(), metrics.curves(), facts()),
    contentType: 'text/html; charset=utf-8'
  }),
  openmetrics: metrics => ({ payload: openMetrics([metrics.report(true)]), contentType: OPEN_METRICS_TYPE }),
  times: metrics => ({ payload: JSON.stringify(metrics.times()), contentType: 'application/json' })
} as const satisfies Record<string, (metrics: DeliveryMetrics, facts: () => PageFacts) => TextAnswer>

export type ReportFormat = keyof typeof reportFormats

/**
 * The report in the asked format: `true` as an object, the others as text.
 * @param facts - what only the runtime knows
 * @throws DeliveryError `REPORT_UNKNOWN`
 */
export function answerReport(
  metrics: DeliveryMetrics,
  format: unknown,
  facts: () => PageFacts
): ReportAnswer {
  if (format === true) return { payload: metrics.report(), contentType: 'application/json' }
  if (typeof format === 'string' && Object.hasOwn(reportFormats, format))
    return reportFormats[format as ReportFormat](metrics, facts)
  throw new DeliveryError(
    'REPORT_UNKNOWN',
    `Expected msg.report to be true or one of ${Object.keys(reportFormats).join(', ')}, found ${JSON.stringify(format)}`
  )
}
