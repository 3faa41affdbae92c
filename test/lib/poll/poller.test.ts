import assert from 'node:assert/strict'
import { DeliveryError } from '../../../lib/errors.js'
import type { PollAsk } from '../../../lib/poll/reading.js'
import { FakeClock, settle } from '../../helpers/fake-clock.js'
import { seededRandom } from '../../helpers/random.js'
import { type LabOptions, openLab } from './lab.js'

/** A poller on a fake clock whose polls end when the test says so. */
function openClocked(options: Partial<LabOptions> = {}) {
  const clock = new FakeClock(0)
  const polls: {
    at: number
    holdMs: number
    end(outcome: 'updated' | 'empty' | DeliveryError): Promise<void>
  }[] = []
  const lab = openLab({
    url: 'http://127.0.0.1:9/',
    clock,
    random: () => 0.5,
    trigger: 'interval',
    cursors: { 'http://127.0.0.1:9/': { etag: '"1"', lastModified: null, lastId: null, seen: [] } },
    reading: ({ holdMs }: PollAsk) =>
      new Promise((resolve, reject) => {
        polls.push({
          at: clock.now(),
          holdMs,
          end: async outcome => {
            if (typeof outcome === 'string') resolve(outcome)
            else reject(outcome)
            await settle()
          }
        })
      }),
    ...options
  })
  const starts = () => polls.map(({ at }) => at)
  const last = () => polls.at(-1) ?? assert.fail('no poll has begun')
  const skipped = () => lab.poller.report().totals.skipped
  const close = async () => {
    const closed = lab.poller.close()
    for (const poll of polls) await poll.end('empty')
    await closed
  }
  return { ...lab, clock, polls, starts, last, skipped, close }
}

describe('the poller, on a fake clock', () => {
  it('skips and counts ticks during a poll, without a request', async () => {
    const { poller, close, clock, polls, last, starts, skipped, outcomes, exchanges } = openClocked()
    poller.start()
    await clock.advanceAsync(2600)
    assert.equal(polls.length, 1)
    assert.equal(skipped(), 3)
    assert.deepEqual(outcomes(), ['skipped', 'skipped', 'skipped'])
    assert.deepEqual(
      exchanges.filter(({ kind }) => kind === 'poll').map(({ dueAt }) => dueAt),
      [500, 1500, 2500]
    )
    assert.equal(poller.report().totals.requests, 0)
    await last().end('empty')
    await clock.advanceAsync(1000)
    assert.deepEqual(starts(), [0, 3500])
    await close()
  })

  it('skips and counts ticks while paused, and goes on by the same grid', async () => {
    const { poller, close, clock, last, starts, skipped, states } = openClocked()
    poller.start()
    await clock.advanceAsync(0)
    await last().end('empty')
    poller.setRunning(false)
    await clock.advanceAsync(3000)
    assert.equal(skipped(), 3)
    assert.deepEqual(starts(), [0])
    assert.equal(states.at(-1)?.kind, 'paused')
    poller.setRunning(true)
    await clock.advanceAsync(1000)
    assert.deepEqual(starts(), [0, 3500])
    await close()
  })

  it('backs off after errors on top of its schedule, and comes back', async () => {
    const { poller, close, clock, polls, last, errors, starts, states } = openClocked({ intervalMs: 100 })
    poller.start()
    await clock.advanceAsync(0)
    const failure = new DeliveryError('REQUEST_FAILED', 'test')
    for (let count = 0; count < 6; count += 1) {
      await last().end(failure)
      const before = polls.length
      while (polls.length === before) await clock.advanceAsync(100)
    }
    const gaps = starts().map((start, index) => start - (starts()[index - 1] ?? start))
    // half of 500, 1000, 2000, … ms (U = 0.5) after the end of each, 50 ms after its start, then the next tick
    assert.deepEqual(gaps.slice(1), [250, 600, 1100, 2100, 4100, 8100])
    assert.equal(errors.length, 6)
    assert.equal(states.at(-1)?.kind, 'failed')
    await last().end('empty')
    await clock.advanceAsync(100)
    assert.equal(starts().length, 8)
    await close()
  })

  it('steps an adaptive interval, which is no change of its settings', async () => {
    const { poller, close, clock, last, starts } = openClocked({
      trigger: 'adaptive',
      intervalMs: 4000,
      random: () => 0
    })
    poller.start()
    await clock.advanceAsync(0)
    await last().end('empty')
    await clock.advanceAsync(5000)
    await last().end('updated')
    await clock.advanceAsync(2500)
    assert.deepEqual(starts(), [0, 5000, 7500])
    assert.equal(poller.report().settings.intervalMs, 4000)
    await close()
  })

  it('merges messages during a poll into one poll directly after it, with the last one’s properties', async () => {
    const asked: (string | undefined)[] = []
    const { poller, close, clock, polls, last } = openClocked({
      trigger: 'input',
      target: request => {
        asked.push(request)
        return {
          url: new URL('http://127.0.0.1:9/'),
          resource: 'r',
          tls: undefined,
          authentication: { type: 'none' }
        }
      }
    })
    poller.start()
    const done: string[] = []
    const poll = (name: string) => poller.poll(name).then(() => done.push(name))
    const first = poll('a')
    const merged = [poll('b'), poll('c'), poll('d')]
    await clock.advanceAsync(0)
    assert.equal(polls.length, 1)
    await last().end('empty')
    await first
    assert.deepEqual([polls.length, asked], [2, ['a', 'd']])
    await last().end('updated')
    await Promise.all(merged)
    assert.deepEqual(done, ['a', 'b', 'c', 'd'])
    assert.equal(polls.length, 2)
    await close()
  })

  it('fails everyone who asked for a poll that failed, each once, and not Catch as well', async () => {
    const { poller, close, clock, last, errors } = openClocked({ trigger: 'input' })
    const first = assert.rejects(poller.poll('a'), { code: 'TIMEOUT' })
    const second = assert.rejects(poller.poll('b'), { code: 'HTTP_STATUS' })
    await clock.advanceAsync(0)
    await last().end(new DeliveryError('TIMEOUT', 'test'))
    await first
    await last().end(new DeliveryError('HTTP_STATUS', 'test'))
    await second
    assert.deepEqual(errors, [])
    await close()
  })

  it('polls on demand while paused', async () => {
    const { poller, close, clock, last } = openClocked()
    poller.setRunning(false)
    const poll = poller.poll('a')
    await clock.advanceAsync(0)
    await last().end('empty')
    await poll
    await close()
  })

  it('asks again as soon as a long poll is answered, and falls back from a server that does not hold', async () => {
    const { poller, close, clock, polls, last, errors, starts } = openClocked({ trigger: 'long-poll' })
    poller.start()
    await clock.advanceAsync(0)
    assert.equal(last().holdMs, 30_000)
    await last().end('updated')
    assert.equal(polls.length, 2)
    await clock.advanceAsync(20_000)
    await last().end('empty')
    for (let count = 0; count < 3; count += 1) {
      assert.equal(poller.report().settings.trigger, 'long-poll')
      await clock.advanceAsync(100)
      await last().end('empty')
    }
    assert.equal(errors[0]?.error.code, 'NO_HOLD')
    assert.deepEqual(
      [
        poller.report().settings.trigger,
        poller.report().settings.intervalMs,
        poller.report().settings.waitMs
      ],
      ['interval', 1000, null]
    )
    assert.equal(polls.length, 5)
    await clock.advanceAsync(500)
    assert.equal(last().holdMs, 0)
    await last().end('empty')
    const before = starts().length
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advanceAsync(60_000)
      await last().end('empty')
    }
    assert.ok(starts().length > before)
    await clock.advanceAsync(1000)
    await last().end('empty')
    assert.equal(poller.report().settings.trigger, 'long-poll')
    assert.equal(last().holdMs, 30_000)
    await close()
  })

  it('draws a new grid for a new interval, and leaves no timer behind when it closes', async () => {
    const { poller, close, clock, last, starts } = openClocked({ random: seededRandom(5) })
    poller.start()
    await clock.advanceAsync(0)
    await last().end('empty')
    poller.setInterval(100)
    for (let count = 0; count < 20; count += 1) {
      await clock.advanceAsync(100)
      await last().end('empty')
    }
    assert.ok(starts().length >= 20)
    assert.equal(poller.report().settings.intervalMs, 100)
    await close()
    assert.equal(clock.pending, 0)
  })

  it('waits for its target, and closes while it waits', async () => {
    const { poller, close, clock, polls, skipped } = openClocked({
      target: (_request, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        )
    })
    poller.start()
    await clock.advanceAsync(2000)
    assert.deepEqual([polls.length, skipped()], [0, 2])
    await close()
    assert.equal(clock.pending, 0)
  })
})
