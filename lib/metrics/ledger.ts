import { AgeMeter, type AgeReading } from '../stats/age-meter.js'
import { Histogram } from '../stats/histogram.js'
import { TimeBatches } from '../stats/time-batches.js'
import type { EpochMs, Ms, Share } from '../units.js'
import type { Read } from '../update/delivery.js'
import { compareUpdates } from '../update/identity.js'
import type { Outages } from './outages.js'
import { MissingSequences } from './sequence.js'
import type { Place, TruthRing } from './truth.js'
import type { LaneWindow } from './window.js'

/** One delivery with its place in the stream. */
export interface Placed extends Place {
  /** Null when nobody knows. */
  readonly generatedAt: EpochMs | null
  readonly receivedAt: EpochMs
  readonly retained: boolean
  readonly catchUp: boolean
  readonly duplicate: boolean
}

/** Counts of a lane's window: `generated = delivered + superseded + lost + pending`. */
export interface LedgerReading {
  readonly generated: number
  readonly delivered: number
  /** Jumped over and not seen since: superseded under latest-value reading, else lost. */
  readonly missed: number
  readonly pending: number
  readonly duplicate: number
  readonly outOfOrder: number
  readonly catchUp: number
  /** Updates with latency ≤ target ÷ updates whose latency is known to be within it or not; null without any. */
  readonly targetShare: Share | null
  /** Generation of the oldest update not held, whether it counts or not. */
  readonly oldestUnheldAt: EpochMs | null
  readonly age: AgeReading
}

/**
 * What became of every update of a stream at one lane. An update is pending until the lane holds it or a newer
 * one; a gap counts as missed once something newer has arrived, and is taken back when it is filled later.
 */
export class Ledger {
  readonly latency = new Histogram()
  readonly latencyDelivered = new Histogram()
  /** The same values by time, for their confidence. */
  readonly latencyBatches = new TimeBatches()
  readonly latencyDeliveredBatches = new TimeBatches()
  readonly #age: AgeMeter
  readonly #window: LaneWindow
  readonly #read: () => Read
  readonly #outages: Outages | null
  #missing = new MissingSequences()
  #held: Place | null = null
  #targetMs: Ms
  #within = 0
  #delivered = 0
  #missed = 0
  #duplicate = 0
  #outOfOrder = 0
  #catchUp = 0
  #assumed = 0
  #coarse = 0

  /** @param outages - told what becomes of updates; none: nobody asks */
  constructor(window: LaneWindow, targetMs: Ms, read: () => Read, outages: Outages | null = null) {
    this.#outages = outages
    this.#window = window
    this.#targetMs = targetMs
    this.#read = read
    this.#age = new AgeMeter(window.start)
  }

  /** The newest update that it holds. */
  get held(): Place | null {
    return this.#held
  }

  /** Updates of the window that arrived, and that were jumped over and not seen since. */
  get delivered(): number {
    return this.#delivered
  }

  get missed(): number {
    return this.#missed
  }

  /** Updates of the window jumped over whose instant nobody knows. */
  get assumed(): number {
    return this.#assumed
  }

  /** Updates of the window whose instant is only known as the mean of a run. */
  get coarse(): number {
    return this.#coarse
  }

  /** The window starts anew: figures at zero, what is held stays held. */
  begin(): void {
    this.latency.clear()
    this.latencyDelivered.clear()
    this.latencyBatches.clear()
    this.latencyDeliveredBatches.clear()
    this.#age.begin(this.#window.start)
    this.#missing = new MissingSequences()
    this.#within = this.#delivered = this.#missed = this.#duplicate = 0
    this.#outOfOrder = this.#catchUp = this.#assumed = this.#coarse = 0
  }

  /** What is held belongs to another stream of updates: forget it. */
  forget(): void {
    this.#held = null
  }

  /** Another target: the share so far is read from the histogram. */
  retarget(targetMs: Ms, speed: number): void {
    if (targetMs === this.#targetMs) return
    this.#targetMs = targetMs
    this.#within = this.latency.countAtOrBelow(targetMs / speed)
  }

  /**
   * Accounts for one delivery.
   * @returns whether it counts as delivered in the window
   */
  settle(delivery: Placed, truth: TruthRing, speed: number): boolean {
    const { receivedAt } = delivery
    if (this.#held !== null && compareUpdates(delivery, this.#held) <= 0) return this.#settleOlder(delivery)
    const generatedAt = delivery.generatedAt ?? truth.instantOf(delivery)
    let oldestAt: EpochMs | null = null
    if (generatedAt === null) this.#age.hold(receivedAt)
    else this.#age.record(generatedAt, receivedAt)
    truth.visit(this.#held, delivery, (at, count, run) => {
      oldestAt ??= at
      this.#age.waited(at, receivedAt, count)
      if (!this.#window.counts(at)) return
      this.#missed += count
      this.#outages?.missed(at, receivedAt, count)
      this.#missing.add(run.epoch, run.first, count)
      if (run.assumed) this.#assumed += count
      if (run.coarse) this.#coarse += count
      this.#recordLatency(receivedAt, receivedAt - at, count, speed)
    })
    this.#held = { epoch: delivery.epoch, sequence: delivery.sequence }
    this.#outages?.arrived(generatedAt, receivedAt)
    if (generatedAt !== null) {
      this.#age.waited(generatedAt, receivedAt)
      this.#age.stale(oldestAt ?? generatedAt, receivedAt)
    }
    if (!this.#takes(delivery, generatedAt)) return false
    if (generatedAt !== null) {
      this.#recordLatency(receivedAt, receivedAt - generatedAt, 1, speed)
      this.#recordDelivered(receivedAt, receivedAt - generatedAt)
    }
    return true
  }

  /** Accounts for a delivery that has no place among others: it may count, but shows no gaps. */
  settleUnplaced(delivery: Omit<Placed, 'epoch' | 'sequence'>): boolean {
    const { generatedAt, receivedAt, duplicate, retained } = delivery
    if (duplicate) {
      if (!retained && this.#read() !== 'latest' && receivedAt >= this.#window.start) this.#duplicate += 1
      return false
    }
    this.#outages?.arrived(generatedAt, receivedAt)
    if (generatedAt === null) this.#age.hold(receivedAt)
    else this.#age.record(generatedAt, receivedAt)
    if (!this.#takes(delivery, generatedAt)) return false
    if (generatedAt !== null) this.#recordDelivered(receivedAt, receivedAt - generatedAt)
    return true
  }

  /**
   * The figures at `now`.
   * @param truth - null when nobody knows what was generated
   */
  read(now: EpochMs, truth: TruthRing | null, speed: number): LedgerReading {
    let pending = 0
    let late = 0
    let waitedMs = 0
    let oldestUnheldAt: EpochMs | null = null
    const start = this.#age.start ?? Number.NEGATIVE_INFINITY
    truth?.visit(this.#held, null, (at, count) => {
      if (at > now) return
      oldestUnheldAt ??= at
      waitedMs += Math.max(0, now - Math.max(at, start)) * count
      if (!this.#window.counts(at)) return
      pending += count
      if ((now - at) * speed > this.#targetMs) late += count
    })
    const judged = this.latency.count + late
    return {
      generated: this.#delivered + this.#missed + pending,
      delivered: this.#delivered,
      missed: this.#missed,
      pending,
      duplicate: this.#duplicate,
      outOfOrder: this.#outOfOrder,
      catchUp: this.#catchUp,
      targetShare: judged > 0 ? this.#within / judged : null,
      oldestUnheldAt,
      age: this.#age.read(now, truth && { oldestAt: oldestUnheldAt, waitedMs })
    }
  }

  #settleOlder(delivery: Placed): boolean {
    const { generatedAt, receivedAt, catchUp, duplicate, retained } = delivery
    if (generatedAt !== null) this.#age.record(generatedAt, receivedAt)
    if (this.#missing.take(delivery)) {
      this.#outages?.filled(receivedAt)
      this.#outOfOrder += 1
      this.#delivered += 1
      this.#missed -= 1
      if (generatedAt !== null) this.#recordDelivered(receivedAt, receivedAt - generatedAt)
      return true
    }
    // a retained message already held, or an unchanged answer: nothing came
    if (retained || (duplicate && this.#read() === 'latest')) return false
    if (!this.#window.counts(generatedAt ?? receivedAt)) return false
    if (catchUp) this.#catchUp += 1
    else {
      this.#duplicate += 1
      this.#outages?.duplicated(receivedAt)
    }
    return false
  }

  #takes(
    { catchUp, receivedAt }: Pick<Placed, 'catchUp' | 'receivedAt'>,
    generatedAt: EpochMs | null
  ): boolean {
    if (catchUp) {
      if (receivedAt >= this.#window.start) this.#catchUp += 1
      return false
    }
    if (!this.#window.counts(generatedAt ?? receivedAt)) return false
    this.#delivered += 1
    return true
  }

  #recordDelivered(at: EpochMs, latencyMs: Ms): void {
    this.latencyDelivered.record(latencyMs)
    this.latencyDeliveredBatches.record(at, latencyMs)
  }

  #recordLatency(at: EpochMs, latencyMs: Ms, count: number, speed: number): void {
    this.latency.record(latencyMs, count)
    this.latencyBatches.record(at, latencyMs, count)
    if (latencyMs * speed <= this.#targetMs) this.#within += count
  }
}
