import { idsOf } from './layout.js'
import { BETWEEN, measured, pushed, readMore } from './parts.js'
import { gapsOf, percent, pollingShares } from './predict.js'
import { earthquakesOf } from './recordings.js'

const key = '02'
const id = idsOf(key)
const stream = 'earthquakes'
const url = '/delivery-example/earthquakes.geojson'
const SPEED = 300
const POLL_MS = 1000

const day = earthquakesOf('2018-02-02')
const gaps = gapsOf(day.map(({ time }) => Date.parse(time)))
const latest = pollingShares(gaps, POLL_MS * SPEED)

const keepTheDay = `// What the USGS would list: one day of earthquakes, newest first. At ×${SPEED} a day takes ${86400 / SPEED} s.
const { code, mag, place, type, updated, coordinates } = msg.payload
const feature = {
  type: 'Feature',
  id: msg.update.id,
  properties: { mag, place, time: msg.update.generatedAt, updated, code, type },
  geometry: { type: 'Point', coordinates }
}
const oldest = msg.update.generatedAt - 86400000 / ${SPEED}
const features = flow.get('features') || []
flow.set('features', [feature, ...features.filter(({ properties }) => properties.time > oldest)])
`

const makeDocument = `const features = flow.get('features') || []
msg.headers = { 'content-type': 'application/geo+json' }
msg.payload = {
  type: 'FeatureCollection',
  metadata: {
    generated: features.length ? features[0].properties.time : null,
    title: 'All Earthquakes, Past Day',
    count: features.length
  },
  features
}
return msg
`

export const earthquakes = {
  file: '02 - Earthquakes, pushed or polled.json',
  key,
  label: '02 Earthquakes, pushed or polled',
  info: 'One day of real earthquakes (USGS, 2 February 2018) in five minutes: pushed, polled from a feed of ours, and polled as the GeoJSON document that the USGS serves.',
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 02' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 02' }
  ],
  comments: [
    readMore(
      'press Deploy and wait 5 minutes: one real day passes, 300 times faster; 1 s here is 5 minutes there'
    ),
    {
      name: `EXPECT polling the latest value every 5 minutes: ${percent(latest.empty)} of the polls empty, ${percent(latest.superseded)} of the earthquakes never seen, ${latest.requestsPerUpdate.toFixed(2)} requests per update`,
      info: `Computed from the gaps between the ${day.length} recorded earthquakes, not from a formula for random traffic (though they are almost exactly Poisson).`
    },
    {
      name: 'EXPECT of the USGS document: nothing missed, the same latency, but the whole day sent again each time it changed',
      info: 'It is a list, so a poll finds every new item in it. Compare `bytes.perUpdate` of the three lanes. Unchanged, it costs a 304.'
    },
    {
      name: 'LOOK at the three lanes in the report: one truth, because the id of each feature is the id of the update',
      info: '`matchedBy` says how the deliveries of a lane were matched. The real feed: https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_day.geojson: put it into `url` with `items` = features, `id` = id, `time` = properties.time.'
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
              times: JSON.stringify(day),
              speed: String(SPEED),
              repeat: true,
              wires: [['origin']]
            },
            {
              key: 'origin',
              type: 'delivery-origin',
              name: 'to both servers',
              broker: id('broker'),
              feed: id('feed'),
              stream,
              wires: [['metrics', 'keep']]
            }
          ],
          [{ key: 'keep', type: 'function', name: 'keep the day', func: keepTheDay, outputs: 0, wires: [] }],
          [
            { key: 'in', type: 'http in', name: 'as the USGS serves it', url, wires: [['document']] },
            {
              key: 'document',
              type: 'function',
              name: 'GeoJSON',
              func: makeDocument,
              wires: [['answer']]
            },
            { key: 'answer', type: 'http response', name: 'answer', wires: [] }
          ]
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
              key: 'latest',
              type: 'poll-source',
              name: 'latest, every 5 minutes',
              feed: id('feed'),
              stream,
              intervalMs: String(POLL_MS),
              wires: [['metrics'], ['metrics']]
            }
          ],
          [
            {
              key: 'usgs',
              type: 'poll-source',
              name: 'USGS document, every 5 min',
              target: 'url',
              url,
              stream,
              read: 'log',
              start: 'oldest',
              intervalMs: String(POLL_MS),
              items: 'features',
              idProperty: 'id',
              timeProperty: 'properties.time',
              wires: [['metrics'], ['metrics']]
            }
          ]
        ]
      }
    ],
    [measured('push or poll?', { targetMs: '300000' })]
  ]
}
