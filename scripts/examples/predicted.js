import { idsOf } from './layout.js'
import { BETWEEN, measured, pushed, readMore, toBothServers } from './parts.js'
import { gapsOf, percent, pollingShares } from './predict.js'
import { earthquakesOf } from './recordings.js'

const key = '06'
const id = idsOf(key)
const stream = 'predicted'
const SPEED = 300
const MINUTE_MS = 60_000
/** Minutes of the real day. */
const INTERVALS = [1, 5, 30]

const day = earthquakesOf('2018-02-02')
const gaps = gapsOf(day.map(({ time }) => Date.parse(time)))
const shares = minutes => pollingShares(gaps, minutes * MINUTE_MS)

const poll = minutes => ({
  key: `polled ${minutes}`,
  type: 'poll-source',
  name: `polled every ${minutes} min`,
  feed: id('feed'),
  stream,
  intervalMs: String((minutes * MINUTE_MS) / SPEED),
  wires: [['metrics'], ['metrics']]
})

/** What was measured on one lane beside what theory says of it: a line below a function node. */
const inWords = minutes => ({
  key: `words ${minutes}`,
  type: 'function',
  name: `every ${minutes} min, in words`,
  func: `// What was measured on one lane, and what theory says of it, as a line below this node.
const lane = msg.payload.lanes.find(({ name }) => name === 'polled every ${minutes} min')
if (!lane || !lane.latencyMs || !lane.theory) {
  node.status({ fill: 'yellow', shape: 'ring', text: 'no polls yet' })
  return null
}
const { latencyMs: { mean, ci95 }, theory: { latencyMeanMs, plusMinus } } = lane
const seconds = ms => (ms / 1000).toFixed(latencyMeanMs < 1000 ? 3 : 2)
// so far off may the mean of so few updates be by chance (95 %); and half the way to the feed and back is not known
const off = ci95.mean && (ci95.mean[1] - ci95.mean[0]) / 2 + plusMinus
const line = 'measured mean ' + seconds(mean) + ' s, theory ' + seconds(latencyMeanMs) + ' s' + (off ? ' ± ' + seconds(off) : '')
const agrees = off && Math.abs(mean - latencyMeanMs) <= off
node.status({ fill: agrees ? 'green' : 'yellow', shape: off ? 'dot' : 'ring', text: line })
return { topic: lane.name, payload: lane.name + ': ' + line }
`,
  wires: [[]]
})

export const predicted = {
  file: '06 - Predicted against measured.json',
  key,
  label: '06 Predicted against measured',
  info: 'One day of real earthquakes (USGS, 2 February 2018) in five minutes, polled at three intervals. What each must measure follows from the gaps between the updates alone, and stands beside it.',
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 06' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 06' }
  ],
  comments: [
    readMore(
      'press Deploy and open the panel: dashed curves are predicted, solid ones measured; after 5 minutes they meet'
    ),
    {
      name: `EXPECT empty polls, by interval: ${INTERVALS.map(minutes => `${percent(shares(minutes).empty)} (${minutes} min)`).join(', ')}`,
      info: `Computed from the ${gaps.length} gaps g between the ${day.length} recorded earthquakes: a poll is empty when no update fell into the interval T before it, so the share is 1 − Σ min(g, T) / Σ g.

No formula for random traffic is needed, and none is used.`
    },
    {
      name: `EXPECT updates never seen: ${INTERVALS.map(minutes => `${percent(shares(minutes).superseded)} (${minutes} min)`).join(', ')}`,
      info: 'An update is replaced before the poll comes with probability max(0, 1 − g/T), g being the time to the next one; the share is the mean of that.'
    },
    {
      name: 'LOOK at the lines below "in words", lanes[].theory beside lanes[].latencyMs: T/2 plus the way back, whatever the traffic',
      info: 'The ± of a line: how far the mean of so few updates may lie off by chance (95 %, `ci95`), plus `plusMinus`. It narrows while you wait; 1 line in 20 is yellow by chance.\n\n`plusMinus` is half the way there and back: nobody can know better how long the answer was on its way. Where measurement and theory disagree by more than the interval `ci95`, look at the flags first.'
    },
    {
      name: 'TRY another interval in one of the three: its prediction is there before its first hundred polls',
      info: `At ×${SPEED}, 200 ms here are a minute there. Push has no interval to choose; its latency is measured, and its age follows from the gaps.`
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
              name: `one day, ×${SPEED}`,
              arrivals: 'replay',
              times: JSON.stringify(
                day.map(({ time, payload: { mag, place } }) => ({ time, payload: { mag, place } }))
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
        rows: [[pushed(id, stream)]]
      },
      { name: 'Pull', rows: INTERVALS.map(minutes => [poll(minutes)]) }
    ],
    [beside()]
  ]
}

/** Measure, with theory in words beside each polled lane. */
function beside() {
  const group = measured('predicted = measured?', { targetMs: '300000' })
  const [[metrics, report]] = group.rows
  const words = INTERVALS.map(inWords)
  return {
    ...group,
    rows: [
      [{ ...metrics, wires: [['report', ...words.map(({ key }) => key)], []] }, report],
      ...words.map(node => [node])
    ]
  }
}
