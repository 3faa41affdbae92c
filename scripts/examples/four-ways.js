import { idsOf } from './layout.js'
import { BETWEEN, measured, pushed, readMore, toBothServers } from './parts.js'

const key = '03'
const id = idsOf(key)
const stream = 'four-ways'
const poll = (name, properties) => ({
  key: name,
  type: 'poll-source',
  name,
  feed: id('feed'),
  stream,
  ...properties,
  wires: [['metrics'], ['metrics']]
})

export const fourWays = {
  file: '03 - Four ways to poll.json',
  key,
  label: '03 Four ways to poll',
  info: 'The same stream polled by interval, by long poll, adaptively and on demand; pushed too, as the yardstick.',
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 03' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 03' }
  ],
  comments: [
    readMore('press Deploy, then menu, View, Push vs pull: it draws all lanes on the same updates'),
    {
      name: 'EXPECT of the long poll: latency like push, no empty polls, one request per update: the feed holds the answer back',
      info: 'A held request is answered with the next update (`Prefer: wait`, RFC 7240), or with 304 after 30 s without one.'
    },
    {
      name: 'EXPECT of the interval: 1 s on average, 37 % empty polls; of the adaptive one: it swings between 0.5 s and 10 s',
      info: 'Adaptive: an empty poll adds the shortest interval to the present one, a poll that brought something halves it.'
    },
    {
      name: 'TRY: press the button of "ask now": a poll on demand costs one request, and is as old as your last click',
      info: 'Any message polls: a click, a page view, another sensor. Between two of them the age of what you hold grows.'
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
        rows: [[pushed(id, stream, 'pushed, for comparison')]]
      },
      {
        name: 'Pull',
        rows: [
          [poll('every 2 s', { intervalMs: '2000' })],
          [poll('long poll', { trigger: 'long-poll' })],
          [
            poll('adaptive', {
              trigger: 'adaptive',
              intervalMs: '2000',
              minIntervalMs: '500',
              maxIntervalMs: '10000'
            })
          ],
          [
            {
              key: 'ask now',
              type: 'inject',
              name: 'ask now',
              once: true,
              onceDelay: '3',
              wires: [['on demand']]
            },
            poll('on demand', { trigger: 'input' })
          ]
        ]
      }
    ],
    [measured('four ways and push')]
  ]
}
