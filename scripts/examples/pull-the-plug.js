import { idsOf } from './layout.js'
import { BETWEEN, measured, readMore } from './parts.js'

const key = '07'
const id = idsOf(key)
const stream = 'pull-the-plug'
const toMetrics = [['metrics'], ['metrics']]
const push = (name, properties) => ({
  key: name,
  type: 'push-source',
  name,
  broker: id('broker'),
  stream,
  ...properties,
  wires: toMetrics
})
const poll = (name, properties) => ({
  key: name,
  type: 'poll-source',
  name,
  feed: id('feed'),
  stream,
  ...properties,
  wires: toMetrics
})

export const pullThePlug = {
  file: '07 - Pull the plug.json',
  key,
  label: '07 Pull the plug',
  info: 'Broker and feed are away for five seconds: what each of four lanes loses, and how soon it is fresh again.',
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 07' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 07' }
  ],
  comments: [
    readMore(
      'press Deploy, then the button of "pull the plug", and watch all lanes in the panel: menu, View, Push vs pull'
    ),
    {
      name: 'EXPECT of push: QoS 0 loses the 25 updates of 5 s, and more until it is back; the persistent session none, they come late, all at once',
      info: 'The origin stands beside the servers: what it makes during the outage is taken, and waits for those who have a session.'
    },
    {
      name: 'EXPECT of pull: the latest value skips what it missed and loses nothing; the log brings all of it, late',
      info: 'Push waits for its back-off before it connects again, pull for its next poll: look at the recovery of each lane.'
    },
    {
      name: 'TRY: longer outages, or only one server away: the lanes of the other one do not notice',
      info: 'The report lists the last twenty outages of each lane, in `outages`: from, back, until, recovery, lost, late.'
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
              name: '5 updates/s, Poisson',
              rate: '5',
              wires: [['origin']]
            },
            {
              key: 'origin',
              type: 'delivery-origin',
              name: 'to both servers',
              broker: id('broker'),
              feed: id('feed'),
              stream,
              qos: '1',
              wires: [['metrics']]
            }
          ],
          [
            {
              key: 'plug',
              type: 'delivery-fault',
              name: 'pull the plug',
              broker: id('broker'),
              feed: id('feed'),
              wires: [['metrics']]
            }
          ]
        ]
      }
    ],
    [
      {
        name: 'Push',
        rows: [[push('QoS 0', { qos: '0' })], [push('QoS 1, session', { qos: '1', session: 'persistent' })]]
      },
      {
        name: 'Pull',
        rows: [
          [poll('latest, every 1 s', { intervalMs: '1000' })],
          [poll('log, every 1 s', { read: 'log', intervalMs: '1000' })]
        ]
      }
    ],
    [measured('one plug, four lanes')]
  ]
}
