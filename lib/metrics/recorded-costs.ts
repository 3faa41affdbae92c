import type { ServerTotals, SourceSettings, SourceTotals } from '../update/exchange.js'

/** What rides on a record; null where nothing does. */
export interface RecordedCosts {
  readonly totals: SourceTotals | null
  readonly settings: SourceSettings | null
  readonly server: ServerTotals | null
}

/** What rides on a record from anywhere, as far as it is whole. */
export function readCosts({ totals, settings, server }: Readonly<Record<string, unknown>>): RecordedCosts {
  return {
    totals: isTotals(totals) ? totals : null,
    settings: isSettings(settings) ? settings : null,
    server: isServer(server) ? server : null
  }
}

/** Whether all figures are there: half a record would turn every difference into NaN. Spelled out, for speed. */
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

function isSettings(value: unknown): value is SourceSettings {
  return typeof value === 'object' && value !== null
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
