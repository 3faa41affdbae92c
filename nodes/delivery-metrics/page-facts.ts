import { readFileSync } from 'node:fs'
import type { NodeAPI } from 'node-red'
import type { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import type { PageFacts, Setting } from '../../lib/metrics/page/page-facts.js'
import type { Values } from '../shared/fields.js'
import type { fields } from './fields.js'
import { upstreamWorkloads } from './upstream-workloads.js'

const { name, version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
) as { readonly name: string; readonly version: string }

/** What a page of the report tells of this runtime and of the settings of its metrics node. */
export function pageFacts(RED: NodeAPI, metrics: DeliveryMetrics, values: Values<typeof fields>): PageFacts {
  const { plannedClients, maxRequestsPerSecond, maxBytesPerDay, warmUpSeconds } = values
  const limit = (value: number | null, unit: string): string => (value === null ? 'none' : `${value} ${unit}`)
  const settings: readonly Setting[] = [
    ['Target', `${metrics.target.share * 100} % within ${metrics.target.ms} ms`],
    ['Planned clients', String(plannedClients)],
    ['Budget of requests', limit(maxRequestsPerSecond, 'a second')],
    ['Budget of bytes', limit(maxBytesPerDay, 'a day')],
    ['Warm-up', `${warmUpSeconds} s`]
  ]
  const origins = metrics.report().streams.flatMap(({ origin }) => (origin === null ? [] : [origin]))
  return {
    versions: [
      [name, version],
      ['Node-RED', String((RED.settings as { version?: unknown }).version ?? 'not known')],
      ['Node.js', process.version]
    ],
    settings,
    workloads: upstreamWorkloads(RED, [metrics.id, ...origins]),
    plans: { clients: plannedClients, maxRequestsPerSecond, maxBytesPerDay }
  }
}
