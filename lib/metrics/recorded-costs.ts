import type { Model, Read } from '../update/delivery.js'
import type { ServerTotals, SourceSettings, SourceTotals, Trigger } from '../update/exchange.js'

/** What rides on a record; null where nothing does. */
export interface RecordedCosts {
  readonly totals: SourceTotals | null
  readonly settings: SourceSettings | null
  readonly server: ServerTotals | null
}

/** Totals that are whole; half a record would turn every difference into NaN. */
export const readTotals = (value: unknown): SourceTotals | null => (isTotals(value) ? value : null)

/** Figures of a server that are whole. */
export const readServer = (value: unknown): ServerTotals | null => (isServer(value) ? value : null)

/** Spelled out, for speed. */
function isTotals(value: unknown): value is SourceTotals {
  if (typeof value !== 'object' || value === null) return false
  const totals = value as SourceTotals
  return (
    Number.isFinite(totals.connections) &&
    Number.isFinite(totals.reconnects) &&
    Number.isFinite(totals.open) &&
    Number.isFinite(totals.requests) &&
    Number.isFinite(totals.empty) &&
    Number.isFinite(totals.notModified) &&
    Number.isFinite(totals.errors) &&
    Number.isFinite(totals.timeouts) &&
    Number.isFinite(totals.throttled) &&
    Number.isFinite(totals.skipped) &&
    Number.isFinite(totals.updates) &&
    Number.isFinite(totals.bytesSent) &&
    Number.isFinite(totals.bytesReceived)
  )
}

const TRIGGERS: ReadonlySet<unknown> = new Set([
  'interval',
  'long-poll',
  'adaptive',
  'input'
] satisfies Trigger[])

/** Settings of our sources are whole; a flow's own may leave out what does not apply to it. */
export function readSettings(value: unknown, model: Model): SourceSettings | null {
  if (typeof value !== 'object' || value === null) return null
  const { trigger, read, intervalMs, waitMs, qos, session, keepAlive, tls, minIntervalMs, maxIntervalMs } =
    value as SourceSettings
  return {
    trigger: TRIGGERS.has(trigger) ? trigger : null,
    read: readOf(read, model),
    intervalMs: Number.isFinite(intervalMs) ? intervalMs : null,
    ...boundsOf(minIntervalMs, maxIntervalMs),
    waitMs: Number.isFinite(waitMs) ? waitMs : null,
    qos: qos === 0 || qos === 1 || qos === 2 ? qos : null,
    session: session === 'clean' || session === 'persistent' ? session : null,
    keepAlive: typeof keepAlive === 'boolean' ? keepAlive : null,
    tls: tls === true
  }
}

/** Of an adaptive interval, if it has both. */
function boundsOf(minIntervalMs: unknown, maxIntervalMs: unknown): Partial<SourceSettings> {
  return Number.isFinite(minIntervalMs) && Number.isFinite(maxIntervalMs)
    ? { minIntervalMs: Number(minIntervalMs), maxIntervalMs: Number(maxIntervalMs) }
    : {}
}

/** How a lane reads: what a record says, else what its model suggests. */
export function readOf(value: unknown, model: Model): Read {
  if (value === 'latest' || value === 'log' || value === 'push') return value
  return model === 'push' ? 'push' : 'latest'
}

function isServer(value: unknown): value is ServerTotals {
  if (typeof value !== 'object' || value === null) return false
  const server = value as ServerTotals
  return (
    Number.isFinite(server.at) &&
    Number.isFinite(server.since) &&
    Number.isFinite(server.busyMs) &&
    (server.cpuMs === null || Number.isFinite(server.cpuMs)) &&
    Number.isFinite(server.dropped) &&
    Number.isFinite(server.refused) &&
    Number.isFinite(server.updates)
  )
}
