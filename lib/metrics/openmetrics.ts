import { type Family, families } from './openmetrics-families.js'
import type { LaneReport, Report } from './report.js'

/** Content type of what `openMetrics` writes. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** Content type of what `prometheusText` writes. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * The figures of several metrics nodes as OpenMetrics 1.0 text. Counters and histograms go back only when the window
 * of a lane starts anew (reset, changed settings), and `_created` says when that was.
 * @param reports - with detail
 */
export function openMetrics(reports: readonly Report[]): string {
  const lines = families.flatMap(({ name, type, unit, help, of }) => {
    const samples = samplesOf(reports, name, of)
    if (samples.length === 0) return []
    const units = unit === '' ? [] : [`# UNIT ${name} ${unit}`]
    return [`# TYPE ${name} ${type}`, ...units, `# HELP ${name} ${help}`, ...samples]
  })
  return `${[...lines, '# EOF'].join('\n')}\n`
}

/**
 * The same in the older text format of Prometheus, which names a counter's family with its suffix and knows neither
 * units nor when a counter was created.
 */
export function prometheusText(reports: readonly Report[]): string {
  const lines = families.flatMap(({ name, type, help, of }) => {
    const known = (lane: LaneReport, now: number) =>
      of(lane, now).filter(({ suffix }) => suffix !== '_created')
    const samples = samplesOf(reports, name, known)
    const family = type === 'counter' ? `${name}_total` : name
    return samples.length === 0 ? [] : [`# HELP ${family} ${help}`, `# TYPE ${family} ${type}`, ...samples]
  })
  return lines.map(line => `${line}\n`).join('')
}

function samplesOf(reports: readonly Report[], name: string, of: Family['of']): readonly string[] {
  return reports.flatMap(report =>
    report.lanes.flatMap(lane => {
      const labels = labelsOf(report, lane)
      return of(lane, report.now).flatMap(({ suffix, label, value }) => {
        if (value === null || value === undefined || !Number.isFinite(value)) return []
        return `${name}${suffix}{${labels}${label === '' ? '' : `,${label}`}} ${value}`
      })
    })
  )
}

function labelsOf({ id, name }: Report, lane: LaneReport): string {
  const labels = { metrics: name || id, id, lane: lane.name, model: lane.model, stream: lane.stream }
  return Object.entries(labels)
    .map(([key, value]) => `${key}="${escapeLabel(value)}"`)
    .join(',')
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
