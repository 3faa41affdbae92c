import { idsOf } from './layout.js'
import { BETWEEN, measured, pushed, readMore } from './parts.js'

const key = '09'
const id = idsOf(key)
const stream = 'own-url'
const url = '/delivery-example/value'
const path = '/delivery-example/report'

const keep = `// What the URL below answers: the newest value, in a shape of its own.
const { payload, update } = msg
flow.set('value', { value: payload.value, measuredAt: new Date(update.generatedAt).toISOString() })
`
const answerValue = `msg.payload = flow.get('value')
msg.statusCode = msg.payload ? 200 : 204
return msg
`
const ask = `// ${path} is a page; below it, /csv, /json, /openmetrics and /times are other forms of the same report.
const { form } = msg.req.params
msg.report = ['csv', 'json', 'openmetrics', 'times'].includes(form) ? form : 'html'
return msg
`

export const reportUrl = {
  file: '09 - Report on your own URL.json',
  key,
  label: '09 Report on your own URL',
  info: 'A URL is polled, and the report about it is served at a URL as well: http in → delivery-metrics → http response, with your own path and your own security.',
  env: [{ name: 'OWN_URL', value: url, type: 'str' }],
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 09' },
    { key: 'feed', type: 'poll-feed', name: 'feed of example 09' }
  ],
  comments: [
    readMore(`press Deploy, wait a minute, and open ${path} of this Node-RED in a new browser tab`),
    {
      name: 'EXPECT a page with both lanes; polled every 2 s: 37 % of the polls empty, 1 s latency on average',
      info: 'Poisson traffic, 0.5 updates/s, polled every 2 s: e^−λT = 37 %, and T/2 plus the way back. The page asks for nothing from the network: save it, print it, open it from a file.'
    },
    {
      name: 'LOOK at "ask": a message with `msg.report` leaves output 2, ready for http response',
      info: `\`msg.report\` is \`html\`, \`csv\`, \`json\`, \`openmetrics\` or \`times\`; the content type is set. ${path}/csv is the same report as a table, ${path}/openmetrics is for Prometheus to scrape.

Anybody who reaches this Node-RED can read it: \`httpNodeAuth\` in settings.js, or a node of yours between http in and "ask", says who may.`
    },
    {
      name: 'TRY your own URL: set OWN_URL (double-click this tab), then adapt "time" in the polled source; delete Origin and Push',
      info: 'OWN_URL: any JSON document; one that starts with / is of this Node-RED. Without a time in it, leave "time" empty: latency is then unknown, and the report says so; empty polls, requests and bytes are measured all the same. Keep Push if the same values reach an MQTT broker: see example 05.'
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
              seed: '909',
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
          [{ key: 'keep', type: 'function', name: 'keep the newest', func: keep, outputs: 0, wires: [] }],
          [
            { key: 'value in', type: 'http in', name: url, url, wires: [['value']] },
            {
              key: 'value',
              type: 'function',
              name: 'the newest',
              func: answerValue,
              wires: [['value answer']]
            },
            { key: 'value answer', type: 'http response', name: 'answer', wires: [] }
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
              key: 'polled',
              type: 'poll-source',
              name: 'OWN_URL, every 2 s',
              target: 'url',
              // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED fills it in
              url: '${OWN_URL}',
              stream,
              intervalMs: '2000',
              timeProperty: 'measuredAt',
              wires: [['metrics'], ['metrics']]
            }
          ]
        ]
      }
    ],
    [served()]
  ]
}

/** Measure, with the URL that serves the report. */
function served() {
  const group = measured('my own URL')
  const [[metrics, report]] = group.rows
  return {
    ...group,
    rows: [
      [{ ...metrics, wires: [['report'], ['answer']] }, report],
      [
        { key: 'in', type: 'http in', name: path, url: path, wires: [['ask']] },
        { key: 'ask', type: 'function', name: 'ask', func: ask, wires: [['metrics']] }
      ],
      [
        {
          key: 'in another form',
          type: 'http in',
          name: `${path}/:form`,
          url: `${path}/:form`,
          wires: [['ask']]
        },
        { key: 'answer', type: 'http response', name: 'answer', wires: [] }
      ]
    ]
  }
}
