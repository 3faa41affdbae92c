import type { Page } from 'playwright-core'
import { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import { readDelivery, readExchange, readUpdate } from '../../lib/metrics/records.js'
import type { EpochMs, Ms } from '../../lib/units.js'
import { newEpoch, updateId } from '../../lib/update/identity.js'
import { FakeClock } from '../helpers/fake-clock.js'

export const START: EpochMs = Date.UTC(2026, 0, 1)
const EPOCH = newEpoch(START, () => 0.5)

/** A metrics node that heard records at known instants; all times are ms after START. */
export class KnownFigures {
  readonly #clock = new FakeClock(START)
  readonly metrics = new DeliveryMetrics({
    id: 'known',
    name: 'known figures',
    clock: this.#clock,
    targetMs: 1000,
    targetShare: 0.95,
    warmUpMs: 0
  })

  update(sequence: number, generated: Ms): void {
    this.#clock.advanceTo(START + generated)
    const update = { stream: 'updates', origin: 'origin', id: updateId(EPOCH, sequence), epoch: EPOCH }
    this.metrics.update(readUpdate({ ...update, sequence, generatedAt: START + generated }))
  }

  delivery(
    lane: { model: 'push' | 'pull'; source: string; sourceName: string },
    sequence: number,
    generated: Ms,
    received: Ms
  ): void {
    this.#clock.advanceTo(START + received)
    this.metrics.delivery(
      readDelivery(
        {
          ...lane,
          stream: 'updates',
          id: updateId(EPOCH, sequence),
          generatedAt: START + generated,
          receivedAt: START + received,
          since: START
        },
        'updates',
        this.#clock.now(),
        null
      )
    )
  }

  poll(
    lane: { model: 'push' | 'pull'; source: string; sourceName: string },
    ended: Ms,
    outcome: string,
    statusCode: number,
    updates: number
  ): void {
    this.#clock.advanceTo(START + ended)
    const times = { startedAt: START + ended - 10, endedAt: START + ended, since: START }
    this.metrics.exchange(
      readExchange(
        { ...lane, ...times, stream: 'updates', outcome, statusCode, updates },
        'updates',
        this.#clock.now()
      )
    )
  }

  /** Answers the panel's requests in a page; time goes on from the instant of the last record. */
  async serve(page: Page): Promise<void> {
    const { metrics } = this
    const begun = performance.now() - (this.#clock.now() - START)
    const answers: Readonly<Record<string, (after: number) => unknown>> = {
      '': () => [{ id: 'known', name: 'known figures', path: 'test' }],
      '/known': () => metrics.report(),
      '/known/curves': () => metrics.curves(),
      '/known/decisions': () => metrics.decisions(),
      '/known/events': after => metrics.eventsAfter(after)
    }
    await page.route('**/delivery/metrics**', route => {
      this.#clock.advanceTo(START + performance.now() - begun)
      const { pathname, searchParams } = new URL(route.request().url())
      const answer = answers[pathname.replace(/^.*\/delivery\/metrics/, '')]
      return answer === undefined
        ? route.fulfill({ status: 404, json: {} })
        : route.fulfill({ json: answer(Number(searchParams.get('after'))) })
    })
  }
}
