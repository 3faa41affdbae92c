import type { EpochMs } from '../units.js'
import type { Exchange, SourceReport } from '../update/exchange.js'
import { isAnswered } from './outcomes.js'
import type { Fault } from './records.js'
import type { Outage } from './report.js'

/** Outages kept of a lane. */
const KEPT = 20
/** A lane may see the server go this much before the fault is told. */
const EARLY_MS = 1000

interface Open {
  cause: Outage['cause']
  target: string | null
  from: EpochMs
  /** The end of the fault, when one caused it and has ended. */
  awayUntil: EpochMs | null
  back: EpochMs | null
  until: EpochMs | null
  lost: number
  duplicate: number
  late: number
  reconnects: number
  /** The lane itself saw the server go. */
  seen: boolean
  /** An update generated after the server was back has come: what the outage held back is through. */
  settled: boolean
}

type Told = Pick<Exchange, 'kind' | 'outcome' | 'startedAt' | 'endedAt' | 'statusCode'> & {
  readonly totals: SourceReport['totals'] | null
}

/**
 * The times of one lane without its server (CONTRACT 5): told by a fault, seen by the lane (a connection that ended,
 * a poll that failed), or made by a deploy of its source. Records may come in any order that a flow can bring them in.
 */
export class Outages {
  #all: Open[] = []
  #unsettled = 0
  /** The server was there. */
  #reached = false
  #reconnects: number | null = null

  /** A fault took the server of this lane away (`until` null), or has ended. */
  fault({ target, from, until }: Fault): void {
    const known =
      this.#all.find(
        outage => outage.cause === 'fault' && outage.target === target && outage.from === from
      ) ??
      this.#all.findLast(
        outage =>
          outage.cause === 'unknown' &&
          outage.from >= from - EARLY_MS &&
          (until === null ? outage.back === null : outage.from <= until)
      )
    const outage = known ?? this.#open('fault', from, false)
    outage.cause = 'fault'
    outage.target = target
    outage.from = from
    outage.awayUntil = until
  }

  /** A new run of the source began; `lastRecordAt` = the last that is known of the one before. */
  newRun(lastRecordAt: EpochMs): void {
    if (this.#reconnects !== null) this.#reconnects = 0
    if (!this.#reached || this.#away() !== undefined) return
    this.#open('deploy', lastRecordAt, true)
  }

  exchange({ kind, outcome, startedAt, endedAt, statusCode, totals }: Told): void {
    if (totals) this.#count(totals.reconnects, startedAt)
    if (kind === 'connection') {
      if (outcome === 'disconnected') this.#gone(endedAt)
      else if (outcome === 'connected') this.#answers(startedAt, endedAt)
    } else if (kind === 'poll') {
      if (isAnswered(outcome)) this.#answers(startedAt, endedAt)
      else if (outcome === 'timeout') this.#gone(startedAt)
      else if (outcome === 'error' && (statusCode === null || statusCode >= 500)) this.#gone(endedAt)
    }
  }

  /** A delivery was newer than what the lane held. */
  arrived(generatedAt: EpochMs | null, receivedAt: EpochMs): void {
    this.#reached = true
    if (this.#unsettled === 0) return
    for (const outage of this.#all) {
      if (!concerned(outage, receivedAt)) continue
      const { from, seen, awayUntil } = outage
      // what was under way when the server went says nothing of its return
      const since = generatedAt !== null && generatedAt > from
      if (!seen && !since && (awayUntil === null || receivedAt < awayUntil)) continue
      outage.back ??= receivedAt
      outage.until ??= receivedAt
      const end = awayUntil ?? outage.back
      if (generatedAt !== null && since && generatedAt < end) outage.late += 1
      if (generatedAt === null || generatedAt >= end) this.#settle(outage)
    }
  }

  /** Updates turned out to be missing when a delivery was received. */
  missed(generatedAt: EpochMs, receivedAt: EpochMs, count: number): void {
    this.#each(receivedAt, outage => {
      if (generatedAt >= outage.from - EARLY_MS) outage.lost += count
    })
  }

  /** One that was counted as missing has come. */
  filled(receivedAt: EpochMs): void {
    this.#each(receivedAt, outage => {
      outage.lost = Math.max(0, outage.lost - 1)
    })
  }

  duplicated(receivedAt: EpochMs): void {
    this.#each(receivedAt, outage => {
      outage.duplicate += 1
    })
  }

  /** Figures at zero: what is over is forgotten. */
  begin(): void {
    this.#all = this.#all.filter(({ settled }) => !settled)
  }

  /**
   * Oldest first.
   * @param loses - whether what is missing is lost (not superseded); null when gaps cannot be seen
   */
  read(loses: boolean | null): readonly Outage[] {
    return this.#all.map(({ cause, from, back, until, lost, duplicate, late, reconnects }) => ({
      cause,
      from,
      back,
      until,
      recoveryMs: until === null ? null : until - from,
      lost: loses === null ? null : loses ? lost : 0,
      duplicate,
      late,
      reconnects: this.#reconnects === null ? null : reconnects
    }))
  }

  #away(): Open | undefined {
    return this.#unsettled === 0 ? undefined : this.#all.findLast(outage => outage.back === null)
  }

  #gone(at: EpochMs): void {
    const away = this.#away()
    if (away) away.seen = true
    else if (this.#reached) this.#open('unknown', at, true)
  }

  #answers(startedAt: EpochMs, endedAt: EpochMs): void {
    this.#reached = true
    if (this.#unsettled === 0) return
    for (const outage of this.#all)
      if (!outage.settled && outage.back === null && startedAt >= outage.from) outage.back = endedAt
  }

  #count(reconnects: number, startedAt: EpochMs): void {
    const more = reconnects - (this.#reconnects ?? reconnects)
    this.#reconnects = reconnects
    const last = this.#all.at(-1)
    // the exchange that brought the first fresh value is told after it
    if (more > 0 && last && (last.until === null || startedAt <= last.until)) last.reconnects += more
  }

  #each(receivedAt: EpochMs, change: (outage: Open) => void): void {
    if (this.#unsettled === 0) return
    for (const outage of this.#all) if (concerned(outage, receivedAt)) change(outage)
  }

  #open(cause: Outage['cause'], from: EpochMs, seen: boolean): Open {
    const outage: Open = {
      cause,
      target: null,
      from,
      awayUntil: null,
      back: null,
      until: null,
      lost: 0,
      duplicate: 0,
      late: 0,
      reconnects: 0,
      seen,
      settled: false
    }
    this.#all.push(outage)
    this.#unsettled += 1
    const oldest = this.#all.length > KEPT ? this.#all.shift() : undefined
    if (oldest && !oldest.settled) this.#unsettled -= 1
    return outage
  }

  #settle(outage: Open): void {
    outage.settled = true
    this.#unsettled -= 1
  }
}

const concerned = ({ settled, from }: Open, receivedAt: EpochMs): boolean => !settled && receivedAt > from
