import { idsOf } from './layout.js'
import { measured, readMore } from './parts.js'

const key = '05'
const id = idsOf(key)
const stream = 'house/meter'
const url = '/delivery-example/meter'
const PORT = 18830
const room = 'house/thermostat'
const roomUrl = '/delivery-example/thermostat'

const meter = `// A meter that is read at random: every second, with a chance of one half.
if (Math.random() < 0.5) return null
const reading = (context.get('reading') || 0) + 1
const watts = Math.round(200 + 100 * Math.random())
context.set('reading', reading)
// what it answers to those who ask: its whole state, in a shape of its own
flow.set('meter', { device: 'meter-7', state: { lastReading: reading, power: { value: watts, unit: 'W' }, measuredAt: Date.now() } })
// what it tells by itself: only what is new
return { payload: { reading, watts, at: new Date().toISOString() } }
`
const state = `msg.payload = flow.get('meter')
msg.statusCode = msg.payload ? 200 : 204
return msg
`

const thermostat = `// A thermostat: it tells what changed, without number or time; every second, with a chance of one half.
if (Math.random() < 0.5) return null
const before = flow.get('thermostat') || { name: 'hall', mode: 'heat', setpoint: 21, temperature: 20 }
const step = (Math.random() < 0.5 ? -1 : 1) * (1 + Math.floor(5 * Math.random()))
const temperature = Math.round(10 * before.temperature + step) / 10
// to those who ask it answers with all of its state
flow.set('thermostat', { ...before, temperature })
return { payload: { temperature } }
`
const whole = `msg.payload = flow.get('thermostat')
msg.statusCode = msg.payload ? 200 : 204
return msg
`

export const yourOwn = {
  file: '05 - Your own broker and your own URL.json',
  key,
  label: '05 Your own broker and your own URL',
  info: 'Two devices that push over MQTT and answer over HTTP, without an envelope of ours: a meter, matched by a number that both shapes have, and a thermostat that pushes deltas and answers with its whole state, matched by value. Addresses are environment variables of this tab.',
  env: [
    { name: 'BROKER_URL', value: `mqtt://127.0.0.1:${PORT}`, type: 'str' },
    { name: 'METER_URL', value: url, type: 'str' }
  ],
  configs: [
    { key: 'broker', type: 'push-broker', name: 'broker of example 05', port: String(PORT) },
    {
      key: 'external',
      type: 'push-broker',
      z: id('tab'),
      name: 'broker at BROKER_URL',
      mode: 'external',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED fills it in
      url: '${BROKER_URL}'
    },
    {
      key: 'core broker',
      type: 'mqtt-broker',
      name: 'the same, for core mqtt out',
      broker: '127.0.0.1',
      port: String(PORT)
    }
  ],
  comments: [
    readMore(
      'press Deploy: core nodes play a device here, and our sources receive it as they would receive yours'
    ),
    {
      name: 'EXPECT: pushed at once; polled every 2 s, about 25 % of the polls empty and 25 % of the readings never seen',
      info: 'Each second brings a reading with a chance of one half: none in 2 s has a chance of ¼, and of two in 2 s the first is never seen.'
    },
    {
      name: 'LOOK at "id" and "time" in both sources: "reading" and "state.lastReading" are the same number in two shapes',
      info: '`matchedBy` of the polled lanes is `id`. The time of measurement is in both shapes as well, so latency is known.'
    },
    {
      name: 'LOOK at the thermostat: no number, no time, so its lanes are matched by value, and latency is honestly unknown',
      info: 'It pushes what changed, `{ temperature }`, and answers with its whole state. `matchedBy` of the polled lane is `value`: the newest pushed one with an equal temperature that came before it. The flag `NO_GENERATION_TIME` says why `latencyMs` is null; `behindFirstMs`, how much later than the first lane it came, needs nobody’s clock but ours. It is a lower bound of latency.'
    },
    {
      name: 'TRY your own: set BROKER_URL and METER_URL (double-click this tab), enable "pushed by BROKER_URL", adapt topic, id and time',
      info: 'To enable a disabled node: double-click it, then the switch at the bottom. BROKER_URL: `mqtt://`, `mqtts://`, `ws://` or `wss://`, several separated by commas; user and password belong into the configuration node. METER_URL: any JSON document; one that starts with / is of this Node-RED.'
    }
  ],
  columns: [
    [
      {
        name: 'Origin',
        rows: [
          [
            {
              key: 'tick',
              type: 'inject',
              name: 'every second',
              repeat: '1',
              once: true,
              onceDelay: '2',
              wires: [['meter']]
            },
            { key: 'meter', type: 'function', name: 'a meter', func: meter, wires: [['publish']] },
            {
              key: 'publish',
              type: 'mqtt out',
              name: stream,
              topic: stream,
              broker: id('core broker'),
              wires: []
            }
          ],
          [
            { key: 'in', type: 'http in', name: url, url, wires: [['state']] },
            { key: 'state', type: 'function', name: 'its state', func: state, wires: [['answer']] },
            { key: 'answer', type: 'http response', name: 'answer', wires: [] }
          ],
          [
            {
              key: 'room tick',
              type: 'inject',
              name: 'every second',
              repeat: '1',
              once: true,
              onceDelay: '2.5',
              wires: [['thermostat']]
            },
            {
              key: 'thermostat',
              type: 'function',
              name: 'a thermostat',
              func: thermostat,
              wires: [['room publish']]
            },
            {
              key: 'room publish',
              type: 'mqtt out',
              name: room,
              topic: room,
              broker: id('core broker'),
              wires: []
            }
          ],
          [
            { key: 'room in', type: 'http in', name: roomUrl, url: roomUrl, wires: [['whole']] },
            {
              key: 'whole',
              type: 'function',
              name: 'its whole state',
              func: whole,
              wires: [['room answer']]
            },
            { key: 'room answer', type: 'http response', name: 'answer', wires: [] }
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
              name: 'pushed by our broker',
              broker: id('broker'),
              stream,
              idProperty: 'reading',
              timeProperty: 'at',
              wires: [['metrics'], ['metrics']]
            }
          ],
          [
            {
              key: 'pushed by yours',
              type: 'push-source',
              name: 'pushed by BROKER_URL',
              d: true,
              broker: id('external'),
              stream,
              idProperty: 'reading',
              timeProperty: 'at',
              wires: [['metrics'], ['metrics']]
            }
          ],
          [
            {
              key: 'room pushed',
              type: 'push-source',
              name: 'thermostat, what changed',
              broker: id('broker'),
              stream: room,
              valueProperty: 'temperature',
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
              name: 'METER_URL, every 2 s',
              target: 'url',
              // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED fills it in
              url: '${METER_URL}',
              stream,
              intervalMs: '2000',
              idProperty: 'state.lastReading',
              timeProperty: 'state.measuredAt',
              wires: [['metrics'], ['metrics']]
            }
          ],
          [
            {
              key: 'room polled',
              type: 'poll-source',
              name: 'thermostat, its whole state',
              target: 'url',
              url: roomUrl,
              stream: room,
              intervalMs: '2000',
              valueProperty: 'temperature',
              wires: [['metrics'], ['metrics']]
            }
          ]
        ]
      }
    ],
    [measured('push or poll?')]
  ]
}
