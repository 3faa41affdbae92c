import { replayAdaptive } from '../../lib/theory/adaptive.js'
import { Gaps } from '../../lib/theory/gaps.js'
import { replayLongPoll } from '../../lib/theory/long-poll.js'
import { pollShareWithin, predictPoll } from '../../lib/theory/poll.js'
import type { Prediction } from '../../lib/theory/prediction.js'
import { lossAgeMs, predictPush } from '../../lib/theory/push.js'
import { Replay } from '../../lib/theory/replay.js'
import type { Ms, Share } from '../../lib/units.js'
import { seededRandom } from '../../test/helpers/random.js'
import type { Traffic } from './traffic.js'

/** Of a request, and of an answer: both are half of what a poll takes. */
export const WAY_MS: Ms = 10
export const PUSH_DELAY_MS: Ms = 4
export const LOSS: Share = 0.05
export const TARGET_MS: Ms = 1000
/** Before the first update, every poller runs. */
export const LEAD_MS: Ms = 100
export const WAIT_MS: Ms = 5000
export const ADAPTIVE = { intervalMs: 1000, minIntervalMs: 200, maxIntervalMs: 8000 } as const

/** What is held against what a lane reports. */
export type Expected = Prediction & { readonly targetShare: Share }

export interface Consumer {
  readonly name: string
  readonly trigger: 'push' | 'interval' | 'long-poll' | 'adaptive'
  readonly read: 'push' | 'latest' | 'log'
  /** What theory says. */
  expected(traffic: Traffic): Expected
  /** The very polls of this run, or its very losses, replayed; null where `expected` is that already. */
  replayed: ((traffic: Traffic) => Expected) | null
  /** One run that chance (phase, loss) makes another; null where there is none. */
  chance: ((traffic: Traffic, run: number) => Expected) | null
}

/** Runs from which the spread by chance is known. */
export const RUNS = 48

const of = (replay: Replay): Expected => ({
  ...replay.predict(),
  targetShare: replay.latency.shareAtOrBelow(TARGET_MS)
})
/** Where in the first interval a poller with this seed begins: its first random number. */
const SEEDS = { latest: 5, log: 6 } as const
const phaseOf = (read: 'latest' | 'log'): Share => seededRandom(SEEDS[read])()
export const seedOf = ({ read }: Pick<Consumer, 'read'>): number => (read === 'push' ? 77 : SEEDS[read])

const gapsIn = ({ offsets }: Traffic): Ms[] =>
  offsets.slice(1).map((offset, index) => offset - (offsets[index] ?? 0))

/** Polling at a fixed rate with one phase, over the very updates. */
function replayInterval({ offsets, intervalMs }: Traffic, read: 'latest' | 'log', firstPoll: Ms): Replay {
  const replay = new Replay(offsets, read)
  let poll = firstPoll
  for (let next = replay.next; next !== undefined; next = replay.next) {
    const idle = Math.max(0, Math.ceil((next - poll) / intervalMs))
    replay.idle(idle)
    poll += idle * intervalMs
    replay.answer(poll, poll + WAY_MS)
    poll += intervalMs
  }
  return replay
}

/** Push that loses some updates, the very ones of this seed. */
function replayPush({ offsets }: Traffic, seed: number): Expected {
  const replay = new Replay(offsets, 'latest')
  const random = seededRandom(seed)
  let behind = 0
  for (const offset of offsets.slice(1)) {
    behind += 1
    if (random() < LOSS) continue
    replay.answer(offset, offset + PUSH_DELAY_MS, behind)
    behind = 0
  }
  return pushed(of(replay))
}

/** Of push it is not asked how it polls. */
const pushed = (figures: Expected): Expected => ({
  ...figures,
  emptyShare: Number.NaN,
  supersededShare: Number.NaN,
  requestsPerUpdate: Number.NaN,
  targetShare: Number.NaN
})

const push: Consumer = {
  name: 'push, 5 % lost',
  trigger: 'push',
  read: 'push',
  expected(traffic) {
    const gaps = gapsIn(traffic)
    const rule = { delayMs: PUSH_DELAY_MS, lossShare: LOSS, lossAgeMs: lossAgeMs(gaps, LOSS) }
    return pushed({ ...predictPush(Gaps.of(gaps), rule), targetShare: 1 })
  },
  chance: (traffic, run) => replayPush(traffic, run + 1000),
  replayed: traffic => replayPush(traffic, seedOf({ read: 'push' }))
}

const polling = (read: 'latest' | 'log'): readonly Consumer[] => [
  {
    name: `interval, ${read}`,
    trigger: 'interval',
    read,
    expected(traffic) {
      const rule = { intervalMs: traffic.intervalMs, wayBackMs: WAY_MS, read }
      return {
        ...predictPoll(Gaps.of(gapsIn(traffic)), rule),
        targetShare: pollShareWithin(TARGET_MS, rule)
      }
    },
    chance: (traffic, run) => of(replayInterval(traffic, read, ((run + 0.5) / RUNS) * traffic.intervalMs)),
    replayed: traffic =>
      of(replayInterval(traffic, read, phaseOf(read) * traffic.intervalMs + WAY_MS - LEAD_MS))
  },
  {
    name: `long poll, ${read}`,
    trigger: 'long-poll',
    read,
    expected: ({ offsets }) =>
      of(replayLongPoll(offsets, { holdMs: WAIT_MS, turnMs: 2 * WAY_MS, wayBackMs: WAY_MS, read })),
    chance: null,
    replayed: null
  },
  {
    name: `adaptive, ${read}`,
    trigger: 'adaptive',
    read,
    // its phase is forgotten with every burst: the very polls are replayed, from the second on. The first is before all
    // updates, finds nothing and makes the interval longer
    expected({ offsets }) {
      const intervalMs = ADAPTIVE.intervalMs + ADAPTIVE.minIntervalMs
      const firstPoll = phaseOf(read) * intervalMs + WAY_MS - LEAD_MS
      const rule = { ...ADAPTIVE, intervalMs, firstPoll, wayBackMs: WAY_MS, read }
      return of(replayAdaptive([-LEAD_MS, ...offsets], rule))
    },
    chance: null,
    replayed: null
  }
]

/** Push with loss, and three ways of polling, each reading the latest value and the log. */
export const CONSUMERS: readonly Consumer[] = [push, ...polling('latest'), ...polling('log')]
