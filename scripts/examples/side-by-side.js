import { idsOf } from './layout.js'
import { BETWEEN, measured, readMore } from './parts.js'

const key = '01'
const id = idsOf(key)

export const sideBySide = {
  file: '01 - Push and pull side by side.json',
  key,
  label: '01 Push and pull side by side',
  info: 'One stream of updates, pushed through MQTT and polled over HTTP at the same time, measured and compared.',
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 01' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 01' }
  ],
  comments: [
    readMore('press Deploy, then menu, View, Push vs pull: it draws both on the same updates'),
    {
      name: 'EXPECT after 5 minutes: 37 % of the polls empty, 37 % of the updates never seen by polling, 1.58 requests per update',
      info: `One update every 2 s at random (Poisson, λ = 0.5/s), one poll every T = 2 s, so λT = 1.

- empty polls: e^−λT = 36.8 %
- updates that a newer one replaced before the poll came: 1 − (1 − e^−λT)/λT = 36.8 %
- requests per delivered update: 1/(1 − e^−λT) = 1.58

All three are in the report: \`lanes[].exchanges\` and \`lanes[].updates\`.`
    },
    {
      name: 'EXPECT latency: some milliseconds pushed; 1 s polled on average (half the interval), 2 s at worst',
      info: 'Mean T/2 plus the way back, uniform from 0 to T: `lanes[].latencyMs`, over all updates, also those that polling never saw.'
    },
    {
      name: 'TRY: an interval of 500 ms in "polled every 2 s": 78 % empty polls, 12 % never seen, 4.5 requests per update',
      info: 'λT = 0.25. Fresher costs more requests; pushing has no such knob.'
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
              name: '0.5 updates/s, Poisson',
              rate: '0.5',
              seed: '472',
              wires: [['origin']]
            },
            {
              key: 'origin',
              type: 'delivery-origin',
              name: 'to both servers',
              broker: id('broker'),
              feed: id('feed'),
              stream: 'side-by-side',
              wires: [['metrics']]
            }
          ]
        ]
      }
    ],
    [
      {
        name: 'Push',
        rows: [
          [
            {
              key: 'pushed',
              type: 'push-source',
              name: 'pushed',
              broker: id('broker'),
              stream: 'side-by-side',
              wires: [['metrics'], ['metrics']]
            }
          ]
        ]
      },
      {
        name: 'Pull',
        rows: [
          [
            {
              key: 'polled',
              type: 'poll-source',
              name: 'polled every 2 s',
              feed: id('feed'),
              stream: 'side-by-side',
              intervalMs: '2000',
              wires: [['metrics'], ['metrics']]
            }
          ]
        ]
      }
    ],
    [measured('push against pull')]
  ]
}
