import type { Node, NodeAPI } from 'node-red'
import type { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import {
  OPEN_METRICS_TYPE,
  openMetrics,
  PROMETHEUS_TYPE,
  prometheusText
} from '../../lib/metrics/openmetrics.js'
import type { PageFacts } from '../../lib/metrics/page/page-facts.js'
import { type ReportFormat, reportFormats } from '../../lib/metrics/report-formats.js'

/** A metrics node that runs. */
export interface RunningMetrics {
  readonly node: Node
  readonly metrics: DeliveryMetrics
  /** What its report page tells of this runtime. */
  facts(): PageFacts
}

type Answer = (running: RunningMetrics, query: Readonly<Record<string, unknown>>) => Body
interface Body {
  readonly type: string
  readonly body: string
}

const json = (value: unknown): Body => ({ type: 'application/json', body: JSON.stringify(value) })

function inFormat(format: ReportFormat): Answer {
  return ({ metrics, facts }) => {
    const { payload, contentType } = reportFormats[format](metrics, facts)
    return { type: contentType, body: payload }
  }
}

const answers: Readonly<Record<string, Answer>> = {
  '': ({ metrics }, { detail, previous, frontier }) => {
    const report = metrics.report(detail === '1' || detail === 'true', frontier === '0' ? 'brief' : 'whole')
    if (previous !== '0') return json(report)
    return json({ ...report, lanes: report.lanes.map(lane => ({ ...lane, previous: [] })) })
  },
  '/report.html': inFormat('html'),
  '/report.csv': inFormat('csv'),
  // with all that its curves are made of: a panel shows it beside another run
  '/report.json': ({ metrics }) => json(metrics.report(true)),
  '/times': inFormat('times'),
  '/decisions': ({ metrics }) => json(metrics.decisions()),
  '/curves': ({ metrics }) => json(metrics.curves()),
  '/events': ({ metrics }, { after }) => {
    const from = Number(after ?? 0)
    return json(metrics.eventsAfter(Number.isFinite(from) ? Math.max(0, Math.floor(from)) : 0))
  }
}

/** The endpoints of CONTRACT 6 about measuring. Call it once per runtime, in the module function. */
export function metricsRoutes(RED: NodeAPI, running: ReadonlyMap<string, RunningMetrics>): void {
  const read = RED.auth.needsPermission('delivery.read')
  const write = RED.auth.needsPermission('delivery.write')
  const unknown = (id: unknown) => ({
    error: 'NOT_FOUND',
    message: `Expected the id of a running delivery-metrics node, found ${String(id)}`
  })
  RED.httpAdmin.get('/delivery/metrics', read, (_request, response) => {
    response.set('Cache-Control', 'no-store').json(
      [...running.values()].map(({ node, metrics }) => ({
        id: node.id,
        name: metrics.name,
        path: pathOf(RED, node)
      }))
    )
  })
  RED.httpAdmin.get('/delivery/openmetrics', read, (request, response) => {
    const reports = [...running.values()].map(({ metrics }) => metrics.report(true, 'none'))
    // a scraper that only knows the older format says so
    const older = request.accepts(['application/openmetrics-text', 'text/plain']) === 'text/plain'
    const [type, inText] = older
      ? ([PROMETHEUS_TYPE, prometheusText] as const)
      : ([OPEN_METRICS_TYPE, openMetrics] as const)
    response
      .set('Cache-Control', 'no-store')
      .set('Vary', 'Accept')
      .set('Content-Type', type)
      .end(inText(reports))
  })
  for (const [tail, answer] of Object.entries(answers))
    RED.httpAdmin.get(`/delivery/metrics/:id${tail}`, read, (request, response) => {
      const found = running.get(String(request.params.id))
      if (found === undefined) {
        response.status(404).json(unknown(request.params.id))
        return
      }
      const { type, body } = answer(found, request.query)
      response.set('Cache-Control', 'no-store').set('Content-Type', type).end(body)
    })
  RED.httpAdmin.post('/delivery/metrics/:id/reset', write, (request, response) => {
    const found = running.get(String(request.params.id))
    if (found === undefined) {
      response.status(404).json(unknown(request.params.id))
      return
    }
    found.metrics.reset()
    response.json({ id: found.node.id, startedAt: found.metrics.report(false, 'none').startedAt })
  })
}

/** Tab and subflow instances that the node stands in, for people: `Flow 1 / Sensors`. */
function pathOf(RED: NodeAPI, node: Node): string {
  const labels = new Map<string, string>()
  const subflows = new Map<string, string>()
  RED.nodes.eachNode(other => {
    const { label, name, id, type } = other as { label?: string; name?: string; id: string; type: string }
    labels.set(id, label || name || '')
    if (type.startsWith('subflow:')) subflows.set(id, type.slice('subflow:'.length))
  })
  // an instance without a name is called as its subflow is
  const labelOf = (id: string) => labels.get(id) || labels.get(subflows.get(id) ?? '') || id
  const flow = (node as Node & { _flow?: { path?: string } })._flow
  const ids = (flow?.path ?? node.z ?? '').split('/').filter(id => id !== '')
  return ids.map(labelOf).join(' / ')
}
