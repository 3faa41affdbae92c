import { idsOf } from './layout.js'
import { BETWEEN, measured, pushed, readMore, toBothServers } from './parts.js'
import { gapsOf, percent, pollingShares } from './predict.js'
import { branchMoves } from './recordings.js'

const key = '04'
const id = idsOf(key)
const stream = 'branch'
const SPEED = 400_000
const DAY_MS = 86_400_000

const moves = branchMoves()
const gaps = gapsOf(moves.map(time => Date.parse(time)))
const daily = pollingShares(gaps, DAY_MS)
const weekly = pollingShares(gaps, 7 * DAY_MS)
const poll = (name, intervalMs) => ({
  key: name,
  type: 'poll-source',
  name,
  feed: id('feed'),
  stream,
  intervalMs: String(intervalMs),
  wires: [['metrics'], ['metrics']]
})

export const branch = {
  file: '04 - Webhook or poll the branch.json',
  key,
  label: '04 Webhook or poll the branch',
  info: 'Three years of moves of a real branch (node-red/node-red) in four minutes: told by a webhook, or asked for daily or weekly, as a build server does.',
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 04' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 04' }
  ],
  comments: [
    readMore(
      'press Deploy and wait 4 minutes: three years pass, 400 000 times faster; 216 ms here are a day there'
    ),
    {
      name: `EXPECT polling daily: ${percent(daily.empty)} of the polls empty, ${percent(daily.superseded)} of the moves never seen, ${daily.requestsPerUpdate.toFixed(2)} requests per update`,
      info: `Computed from the ${gaps.length} recorded gaps. Moves come in bursts (their gaps vary 2.3 times as much as random ones): a formula for random traffic says ${percent(Math.exp((-DAY_MS * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0)))} empty and is wrong.`
    },
    {
      name: `EXPECT polling weekly: ${percent(weekly.empty)} of the polls empty, ${percent(weekly.superseded)} of the moves never seen, ${weekly.requestsPerUpdate.toFixed(2)} requests per update`,
      info: 'A move that was never seen was replaced by a newer one before the poll came: for a build server that builds the newest state, no loss.'
    },
    {
      name: 'LOOK at the latency of polling daily: it hangs on the hour of the poll, because people push by day',
      info: 'Anywhere from a few hours to a day, by the phase that the poller happened to start with; another deploy, another phase. Latencies are shown as measured here; the target, half a day, is meant in real time: `targetShare` compares latency × speed with it. A millisecond here is 6.7 minutes there, so the webhook looks slower than it is.'
    }
  ],
  columns: [
    [
      {
        name: 'Origin',
        offset: BETWEEN,
        rows: [
          [
            {
              key: 'workload',
              type: 'delivery-workload',
              name: 'three years, ×400 000',
              arrivals: 'replay',
              times: JSON.stringify(
                moves.map(time => ({ time, payload: { branch: 'main', movedAt: time } }))
              ),
              speed: String(SPEED),
              repeat: true,
              wires: [['origin']]
            },
            toBothServers(id, stream)
          ]
        ]
      }
    ],
    [
      {
        name: 'Push',
        rows: [[pushed(id, stream, 'webhook')]]
      },
      {
        name: 'Pull',
        rows: [[poll('polled daily', DAY_MS / SPEED)], [poll('polled weekly', (7 * DAY_MS) / SPEED)]]
      }
    ],
    [measured('webhook or poll?', { targetMs: String(DAY_MS / 2) })]
  ]
}
