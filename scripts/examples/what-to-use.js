import { idsOf } from './layout.js'
import { BETWEEN, measured, pushed, readMore, toBothServers } from './parts.js'

const key = '08'
const id = idsOf(key)
const stream = 'what-to-use'
const CLIENTS = 100

/** A button that asks the same question of another traffic; figures begin anew, so that two rates do not mix. */
const traffic = (name, rate) => ({
  key: name,
  type: 'inject',
  name,
  props: [
    { p: 'running', v: 'true', vt: 'bool' },
    { p: 'rate', v: String(rate), vt: 'num' },
    { p: 'reset', v: 'true', vt: 'bool' }
  ],
  wires: [['workload', 'metrics']]
})

/** A button that asks for another freshness of the same traffic. */
const target = (name, ms) => ({
  key: name,
  type: 'inject',
  name,
  props: [{ p: 'target', v: JSON.stringify({ ms, share: 0.95 }), vt: 'json' }],
  wires: [['metrics']]
})

const inWords = `// The advice as one line below this node, and with all its reasons in the message.
const { verdict, intervalMs, reasons, wouldChange } = msg.payload.advice || { verdict: 'no traffic yet' }
const every = intervalMs === null || intervalMs === undefined ? '' : ' every ' + (intervalMs / 1000).toPrecision(3) + ' s'
const fill = verdict === 'not-conclusive' ? 'yellow' : 'green'
node.status({ fill, shape: 'dot', text: verdict === 'pull' || verdict === 'either' ? verdict + every : verdict })
msg.payload = { verdict, why: (reasons || []).map(r => r.message), else: (wouldChange || []).map(r => r.message) }
return msg
`

export const whatToUse = {
  file: '08 - What should I use.json',
  key,
  label: '08 What should I use',
  info: `Push or poll, and how often? The advice for ${CLIENTS} planned clients, from the measured cost of this very run; buttons change the traffic and the target.`,
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 08' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 08' }
  ],
  comments: [
    readMore('press Deploy, wait a minute, and read the advice in the panel, or below the node "in words"'),
    {
      name: 'EXPECT "not conclusive" at first, with what is missing: 72 updates must have been pushed before 95 % is known',
      info: 'A share of 95 % needs 72 updates for a two-sided 95 % interval, 99 % needs 368. Until then the advice says how many there are.'
    },
    {
      name: 'EXPECT push within 100 ms, and polling every 10.5 s within 10 s: the target decides, not the taste',
      info: `The longest interval of polling that brings the share q within τ is T = (τ − w)/q, w being the way back of an answer: 10 s / 0.95 = 10.5 s.

Then the costs of ${CLIENTS} clients are compared: bytes a day and CPU of the server, at that interval. One side is advised when the other takes at least 1.5 times as much of everything measured; else either will do.`
    },
    {
      name: 'TRY "20 updates/s": the same target, another answer; the figures begin anew, so wait until it is sure again',
      info: 'Pushing costs with every update, polling with every interval. `wouldChange` in the advice says at which rate, target, number of clients or budget the answer turns.'
    },
    {
      name: 'LOOK at advice.frontier in the report: 50 intervals from 10 ms to 1 day, each with its freshness and its cost',
      info: 'Predicted from the gaps between the updates, before anybody polls so. Double-click the metrics node to plan for other clients and budgets.'
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
              name: '2 updates/s, Poisson',
              rate: '2',
              seed: '808',
              wires: [['origin']]
            },
            toBothServers(id, stream)
          ],
          [traffic('0.5 updates/s', 0.5)],
          [traffic('2 updates/s', 2)],
          [traffic('20 updates/s', 20)]
        ]
      }
    ],
    [
      {
        name: 'Push',
        rows: [[pushed(id, stream)]]
      },
      {
        name: 'Pull',
        rows: [
          [
            {
              key: 'polled',
              type: 'poll-source',
              name: 'polled every 500 ms',
              feed: id('feed'),
              stream,
              intervalMs: '500',
              wires: [['metrics'], ['metrics']]
            }
          ]
        ]
      }
    ],
    [advised()]
  ]
}

/** Measure, with the buttons for the target and the answer in words. */
function advised() {
  const group = measured('what should I use?', { plannedClients: String(CLIENTS) })
  const [[metrics, report]] = group.rows
  return {
    ...group,
    rows: [
      [{ ...metrics, wires: [['report', 'words'], []] }, report],
      [
        target('within 100 ms', 100),
        { key: 'words', type: 'function', name: 'in words', func: inWords, wires: [[]] }
      ],
      [target('within 1 s', 1000)],
      [target('within 10 s', 10_000)]
    ]
  }
}
