import assert from 'node:assert/strict'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids } from './comparison.js'

const z = 'c0a0000000000000'
/** A metrics node in a subflow in a subflow, the inner instance without a name. */
const nested: readonly FlowNode[] = [
  { id: 'inner', type: 'subflow', name: 'Inner', in: [], out: [] },
  { id: 'm', type: 'delivery-metrics', z: 'inner', name: 'Deep', wires: [[], []] },
  { id: 'outer', type: 'subflow', name: 'Outer', in: [], out: [] },
  { id: 'nameless', type: 'subflow:inner', z: 'outer', name: '', x: 100, y: 40, wires: [] },
  { id: 'house', type: 'subflow:outer', z, name: 'House', x: 100, y: 240, wires: [] }
]
const deep = 'house-nameless-m'

const one = `/delivery/metrics/${ids.metrics}`
/** Path and content type of what one may read. */
const readable: readonly (readonly [string, RegExp])[] = [
  ['/delivery/metrics', /^application\/json/],
  [one, /^application\/json/],
  [`${one}?detail=1`, /^application\/json/],
  [`${one}?frontier=0`, /^application\/json/],
  [`${one}/decisions`, /^application\/json/],
  [`${one}/report.html`, /^text\/html; charset=utf-8/],
  [`${one}/report.csv`, /^text\/csv; charset=utf-8/],
  [`${one}/report.json`, /^application\/json/],
  [`${one}/times`, /^application\/json/],
  [`${one}/events?after=1`, /^application\/json/],
  [`/delivery/metrics/${deep}`, /^application\/json/],
  ['/delivery/openmetrics', /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/],
  [`/delivery/server/${ids.broker}`, /^application\/json/],
  [`/delivery/server/${ids.feed}`, /^application\/json/]
]
/** What one may do. */
const actions: readonly (readonly [string, object])[] = [
  [`${one}/reset`, {}],
  [`/delivery/workload/${ids.workload}`, { running: true }],
  [`/delivery/poll/${ids.poll}`, { running: true }],
  ['/delivery/try/poll', { config: { target: 'url', url: 'http://127.0.0.1:1' } }],
  ['/delivery/try/broker', { config: { mode: 'external', url: 'mqtt://127.0.0.1:1' } }]
]
const unknown = [
  '/delivery/metrics/none',
  '/delivery/metrics/none/report.html',
  '/delivery/metrics/none/report.csv',
  '/delivery/metrics/none/report.json',
  '/delivery/metrics/none/times',
  '/delivery/metrics/none/events',
  '/delivery/metrics/none/decisions',
  '/delivery/server/none'
]

const users = {
  stranger: { password: 's', permissions: ['flows.read', 'flows.write'] },
  reader: { password: 'r', permissions: ['flows.read', 'delivery.read'] },
  writer: { password: 'w', permissions: ['flows.read', 'delivery.read', 'delivery.write'] }
}

for (const runtime of runtimes)
  describe(`the endpoints of a running ${runtime.name}`, function () {
    this.timeout(120_000)
    const act = (red: NodeRed, [path, body]: readonly [string, object]) =>
      red.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body)
      })
    /** Asks for everything. @returns the status codes of reading and of acting, each once */
    async function statuses(red: NodeRed): Promise<[number[], number[]]> {
      const read = new Set<number>()
      const acted = new Set<number>()
      for (const [path] of readable) read.add((await red.request(path)).status)
      for (const action of actions) acted.add((await act(red, action)).status)
      return [[...read], [...acted]]
    }
    async function check(red: NodeRed): Promise<void> {
      for (const [path, type] of readable) {
        const response = await red.request(path)
        assert.match(response.headers.get('content-type') ?? '', type, path)
        assert.equal(response.headers.get('cache-control'), 'no-store', path)
        assert.ok((await response.text()).length > 0, path)
      }
      for (const path of unknown) {
        const response = await red.request(path)
        assert.equal(response.status, 404, path)
        assert.equal(((await response.json()) as { error: string }).error, 'NOT_FOUND')
      }
      const list = await red.get<{ id: string; name: string; path: string }[]>('/delivery/metrics')
      assert.deepEqual(
        list.map(({ id, name, path }) => [id, name, path]),
        [
          [ids.metrics, 'Comparison', 'Comparison'],
          [deep, 'Deep', 'Comparison / House / Inner']
        ]
      )
    }

    it('answer everybody without adminAuth', async () => {
      const red = await NodeRed.start({ runtime, flows: [...comparison(), ...nested] })
      try {
        await eventually(async () => assert.deepEqual(await statuses(red), [[200], [200]]))
        await check(red)
      } finally {
        await red.close()
      }
    })

    it('ask for delivery.read and delivery.write with adminAuth, below any httpAdminRoot', async () => {
      const settings = { httpAdminRoot: '/red/admin' }
      const red = await NodeRed.start({ runtime, flows: [...comparison(), ...nested], users, settings })
      try {
        assert.deepEqual(await statuses(red), [[401], [401]])
        const login = (name: keyof typeof users) =>
          red.login(name, users[name].password, users[name].permissions.join(' '))
        await login('stranger')
        assert.deepEqual(await statuses(red), [[401], [401]])
        await login('reader')
        assert.deepEqual(await statuses(red), [[200], [401]])
        await login('writer')
        assert.deepEqual(await statuses(red), [[200], [200]])
        await check(red)
        const { origin } = new URL(red.origin)
        assert.equal((await fetch(`${origin}${one}`)).status, 404)
      } finally {
        await red.close()
      }
    })
  })
