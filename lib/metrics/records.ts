import { DeliveryError } from '../errors.js'
import type { EpochMs } from '../units.js'
import type { Delivery, Model } from '../update/delivery.js'
import type { ClockOffset, Exchange, Outcome, SourceReport } from '../update/exchange.js'
import type { ForeignFacts } from '../update/foreign.js'
import { parseUpdateId } from '../update/identity.js'
import type { Update } from '../update/update.js'
import { type RecordedCosts, readOf, readServer, readSettings, readTotals } from './recorded-costs.js'

/** `msg.delivery` with the costs that ride on it at most once a second. */
export type ReportedDelivery = Delivery &
  RecordedCosts & {
    /** Whether the source said when its run began. */
    readonly sinceKnown: boolean
    /** Its time had no zone and was read as UTC. */
    readonly zoneMissing?: boolean
  }

/** `msg.exchange`, from a source or hand-made. */
export type ReportedExchange = Omit<Exchange, keyof SourceReport> &
  RecordedCosts & {
    readonly sinceKnown: boolean
  }

/** A fault as `msg.fault` tells it. */
export interface Fault {
  readonly fault: string
  readonly target: string | null
  readonly from: EpochMs
  readonly until: EpochMs | null
}

const OUTCOMES: ReadonlySet<unknown> = new Set([
  'updated',
  'empty',
  'not-modified',
  'error',
  'timeout',
  'throttled',
  'skipped',
  'connected',
  'disconnected',
  'traffic'
] satisfies Outcome[])

type Raw = Readonly<Record<string, unknown>>

/**
 * A delivery from any flow: `{ model, source }` is enough. What it does not say, `facts` may (found by the
 * metrics node's own properties).
 * @param topic - the stream when the delivery names none
 * @throws DeliveryError `RECORD_INVALID`
 */
export function readDelivery(
  value: unknown,
  topic: unknown,
  now: EpochMs,
  facts: ForeignFacts | null
): ReportedDelivery {
  const raw = object('msg.delivery', value)
  const model = modelOf('msg.delivery', raw)
  const id = text(raw.id) ?? facts?.id ?? null
  let epoch = text(raw.epoch)
  let sequence = finite(raw.sequence)
  if (epoch === null || sequence === null) {
    const identity = id === null ? null : parseUpdateId(id)
    epoch = identity?.epoch ?? null
    sequence = identity?.sequence ?? null
  }
  const receivedAt = finite(raw.receivedAt) ?? now
  const generatedAt = finite(raw.generatedAt) ?? facts?.generatedAt ?? null
  const since = finite(raw.since)
  const source = sourceOf('msg.delivery', raw)
  const clock = clockOf(raw)
  return {
    model,
    source,
    sourceName: text(raw.sourceName) ?? source,
    stream: text(raw.stream) ?? text(topic) ?? source,
    read: readOf(raw.read, model),
    exchangeId: text(raw.exchangeId),
    id,
    epoch,
    sequence,
    generatedAt,
    receivedAt,
    latencyMs: generatedAt === null ? null : receivedAt - generatedAt,
    value: raw.value ?? facts?.value ?? null,
    subject: text(raw.subject),
    retained: raw.retained === true,
    catchUp:
      raw.catchUp === true ||
      (raw.catchUp === undefined && since !== null && generatedAt !== null && generatedAt < since),
    duplicate: raw.duplicate === true,
    ...(clock ? { clock } : {}),
    // a lane that never says when it began begins with its first update
    since: since ?? Math.min(receivedAt, generatedAt ?? receivedAt),
    sinceKnown: since !== null,
    zoneMissing: raw.timeZoneMissing === true || (facts?.timeZoneMissing ?? false),
    totals: readTotals(raw.totals),
    settings: readSettings(raw.settings, model),
    server: readServer(raw.server)
  }
}

/**
 * An exchange from any flow: `{ model, source }` is enough.
 * @throws DeliveryError `RECORD_INVALID`
 */
export function readExchange(value: unknown, topic: unknown, now: EpochMs): ReportedExchange {
  const raw = object('msg.exchange', value)
  const model = modelOf('msg.exchange', raw)
  const source = sourceOf('msg.exchange', raw)
  const endedAt = finite(raw.endedAt) ?? now
  const since = finite(raw.since)
  const outcome = raw.outcome ?? 'updated'
  if (!OUTCOMES.has(outcome))
    throw new DeliveryError(
      'RECORD_INVALID',
      `Expected msg.exchange.outcome to be one of ${[...OUTCOMES].join(', ')}, found ${JSON.stringify(outcome)}`
    )
  return {
    id: text(raw.id) ?? '',
    model,
    source,
    sourceName: text(raw.sourceName) ?? source,
    stream: text(raw.stream) ?? text(topic) ?? source,
    kind: raw.kind === 'connection' || raw.kind === 'traffic' ? raw.kind : 'poll',
    outcome: outcome as Outcome,
    dueAt: finite(raw.dueAt),
    startedAt: finite(raw.startedAt) ?? endedAt,
    endedAt,
    statusCode: finite(raw.statusCode),
    code: text(raw.code),
    updates: finite(raw.updates) ?? 0,
    bytesSent: finite(raw.bytesSent) ?? 0,
    bytesReceived: finite(raw.bytesReceived) ?? 0,
    clock: clockOf(raw),
    since: since ?? finite(raw.startedAt) ?? endedAt,
    sinceKnown: since !== null,
    paused: raw.paused === true,
    totals: readTotals(raw.totals),
    settings: readSettings(raw.settings, model),
    server: readServer(raw.server)
  }
}

/** @throws DeliveryError `RECORD_INVALID` */
export function readUpdate(value: unknown): Update {
  const raw = object('msg.update', value)
  const stream = text(raw.stream)
  const origin = text(raw.origin)
  const id = text(raw.id)
  const epoch = text(raw.epoch)
  const sequence = finite(raw.sequence)
  const generatedAt = finite(raw.generatedAt)
  if (stream === null || origin === null || epoch === null || sequence === null || generatedAt === null)
    throw new DeliveryError(
      'RECORD_INVALID',
      `Expected msg.update with stream, origin, epoch, sequence and generatedAt, as a delivery-origin sends it, found ${shown(value)}`
    )
  return {
    stream,
    origin,
    id: id ?? '',
    epoch,
    sequence,
    generatedAt,
    dueAt: finite(raw.dueAt),
    speed: finite(raw.speed)
  }
}

/** @throws DeliveryError `RECORD_INVALID` */
export function readFault(value: unknown, now: EpochMs): Fault {
  const raw = object('msg.fault', value)
  return {
    fault: text(raw.fault) ?? 'outage',
    target: text(raw.target),
    from: finite(raw.from) ?? now,
    until: finite(raw.until)
  }
}

function object(name: string, value: unknown): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
  throw new DeliveryError('RECORD_INVALID', `Expected ${name} to be an object, found ${shown(value)}`)
}

function modelOf(name: string, raw: Raw): Model {
  if (raw.model === 'push' || raw.model === 'pull') return raw.model
  throw new DeliveryError(
    'RECORD_INVALID',
    `Expected ${name}.model to be push or pull, found ${shown(raw.model)}`
  )
}

function sourceOf(name: string, raw: Raw): string {
  const source = text(raw.source)
  if (source !== null) return source
  throw new DeliveryError(
    'RECORD_INVALID',
    `Expected ${name}.source to be a text that names the lane, found ${shown(raw.source)}`
  )
}

function clockOf({ clock }: Raw): ClockOffset | null {
  const told = clock as Raw | null | undefined
  const offsetMs = finite(told?.offsetMs)
  const errorMs = finite(told?.errorMs)
  return offsetMs === null || errorMs === null ? null : { offsetMs, errorMs }
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
const finite = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80)
