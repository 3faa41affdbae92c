import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type Fields, readFields } from '../../nodes/shared/fields.js'

/** What a property becomes when a saved flow says nothing about it: published, never to be changed. */
const published: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'push-broker': {
    mode: 'embedded',
    host: '127.0.0.1',
    port: 0,
    wsPort: null,
    url: '',
    tls: '',
    anonymous: false,
    alwaysOn: false,
    maxConnections: 10_000,
    maxPacketBytes: 1_048_576
  },
  'poll-feed': {
    mode: 'embedded',
    host: '127.0.0.1',
    port: 0,
    url: '',
    tls: '',
    anonymous: false,
    alwaysOn: false,
    history: 1000,
    cacheSeconds: 0,
    maxConnections: 10_000
  },
  'delivery-workload': {
    arrivals: 'poisson',
    rate: 1,
    burstSize: 10,
    times: '',
    speed: 1,
    repeat: false,
    payloadBytes: 64,
    seed: 1,
    limit: null,
    autostart: true
  },
  'delivery-origin': { broker: '', feed: '', stream: 'updates', qos: 0, retain: false },
  'delivery-fault': { broker: '', feed: '', fault: 'outage', seconds: 5 },
  'push-source': {
    broker: '',
    stream: 'updates',
    qos: 0,
    session: 'clean',
    clientId: '',
    idProperty: '',
    idPropertyType: 'path',
    timeProperty: '',
    timePropertyType: 'path',
    valueProperty: '',
    valuePropertyType: 'path'
  },
  'poll-source': {
    target: 'feed',
    feed: '',
    stream: 'updates',
    url: '',
    read: 'latest',
    trigger: 'interval',
    intervalMs: 5000,
    minIntervalMs: 1000,
    maxIntervalMs: 60_000,
    waitMs: 30_000,
    timeoutMs: 10_000,
    jitter: 0,
    start: 'newest',
    maxBodyBytes: 10_485_760,
    keepAlive: true,
    tls: '',
    proxy: '',
    authType: 'none',
    authHeader: '',
    headers: [],
    responseType: 'auto',
    emit: 'changes',
    items: '',
    itemsType: 'path',
    idProperty: '',
    idPropertyType: 'path',
    timeProperty: '',
    timePropertyType: 'path',
    valueProperty: '',
    valuePropertyType: 'path'
  },
  'delivery-metrics': {
    targetMs: 1000,
    targetShare: 0.95,
    plannedClients: 1,
    maxRequestsPerSecond: null,
    maxBytesPerDay: null,
    warmUpSeconds: 2,
    emitEverySeconds: 5,
    laneProperty: 'topic',
    idProperty: '',
    idPropertyType: 'path',
    timeProperty: '',
    timePropertyType: 'path',
    valueProperty: '',
    valuePropertyType: 'path'
  }
}

/** What else a listed property may be; the first is the default. */
const listed: Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>> = {
  'push-broker': { mode: ['embedded', 'external'] },
  'poll-feed': { mode: ['embedded', 'external'] },
  'delivery-workload': { arrivals: ['poisson', 'periodic', 'bursts', 'replay'] },
  'delivery-origin': { qos: [0, 1, 2] },
  'push-source': { qos: [0, 1, 2], session: ['clean', 'persistent'], idPropertyType: ['path', 'jsonata'] },
  'poll-source': {
    target: ['feed', 'url'],
    read: ['latest', 'log'],
    trigger: ['interval', 'long-poll', 'adaptive', 'input'],
    start: ['newest', 'oldest'],
    authType: ['none', 'basic', 'bearer', 'header'],
    responseType: ['auto', 'json', 'text', 'binary'],
    emit: ['changes', 'every'],
    itemsType: ['path', 'jsonata']
  },
  'delivery-metrics': { valuePropertyType: ['path', 'jsonata'] }
}

/** Where '' means something else than the default. */
const emptyMeans: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'delivery-origin': { stream: '' },
  'poll-source': { stream: '' }
}

async function fieldsOf(type: string): Promise<Fields> {
  const file = pathToFileURL(`dist/nodes/${type}/fields.js`).href
  return ((await import(file)) as { fields: Fields }).fields
}

describe('the published properties', () => {
  it('are those of every node type', () => {
    const types = readdirSync('dist/nodes').filter(type => type !== 'shared')
    assert.deepEqual(types.sort(), Object.keys(published).sort())
  })

  for (const [type, defaults] of Object.entries(published))
    describe(`of ${type}`, () => {
      let fields: Fields
      before(async () => {
        fields = await fieldsOf(type)
      })
      const all = (saved: (key: string) => unknown) =>
        readFields(fields, Object.fromEntries(Object.keys(fields).map(key => [key, saved(key)])))

      it('are absent for their defaults, or empty, unless empty means something', () => {
        assert.deepEqual(readFields(fields, {}), defaults)
        assert.deepEqual(
          all(() => ''),
          { ...defaults, ...emptyMeans[type] }
        )
      })

      it('are the same as numbers and as the text that is typed, and check boxes as text too', () => {
        const typed = (value: unknown) =>
          typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
        assert.deepEqual(
          all(key => typed(defaults[key])),
          defaults
        )
        assert.deepEqual(
          all(key => defaults[key]),
          defaults
        )
        const flags = Object.keys(defaults).filter(key => typeof defaults[key] === 'boolean')
        for (const key of flags)
          for (const value of [true, false])
            assert.equal(readFields(fields, { [key]: String(value) })[key], value, key)
      })

      it('are of the listed values and of no others', () => {
        for (const [key, values] of Object.entries(listed[type] ?? {})) {
          assert.equal(defaults[key], values[0], key)
          for (const value of values) {
            assert.equal(readFields(fields, { [key]: value })[key], value, key)
            assert.equal(readFields(fields, { [key]: String(value) })[key], value, key)
          }
          assert.throws(() => readFields(fields, { [key]: 'another' }), { code: /INVALID/ })
        }
      })
    })
})
