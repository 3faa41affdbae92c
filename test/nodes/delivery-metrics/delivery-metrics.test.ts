import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { Node } from 'node-red'
import helper from 'node-red-node-test-helper'
import { systemClock } from '../../../lib/clock.js'
import type { Curves } from '../../../lib/metrics/curves.js'
import type { EventPage } from '../../../lib/metrics/event-page.js'
import type { Report } from '../../../lib/metrics/report.js'
import { newEpoch } from '../../../lib/update/identity.js'
import metricsNode from '../../../nodes/delivery-metrics/delivery-metrics.js'
import type { Message } from '../../../nodes/shared/define-node.js'
import { deliveryOf, noTotals, pollSettings, updateOf } from '../../lib/metrics/simulation.js'

helper.init(createRequire(import.meta.url).resolve('node-red'))

const clock = systemClock()
const flow = (
  more: Readonly<Record<string, unknown>> = {},
  tail: readonly Record<string, unknown>[] = []
) => [
  { id: 'tab', type: 'tab', label: 'Comparison' },
  {
    id: 'm',
    z: 'tab',
    type: 'delivery-metrics',
    name: 'figures',
    warmUpSeconds: '0',
    emitEverySeconds: '0',
    wires: [['out'], ['answers']],
    ...more
  },
  { id: 'out', z: 'tab', type: 'helper' },
  { id: 'answers', z: 'tab', type: 'helper' },
  { id: 'c', z: 'tab', type: 'catch', scope: null, wires: [['caught']] },
  { id: 'caught', z: 'tab', type: 'helper' },
  ...tail
]

const node = (id = 'm'): Node => helper.getNode(id)
const input = async (id: string): Promise<Message> => {
  const [message] = (await once(node(id), 'input')) as [Message]
  return message
}
const reported = async (): Promise<Report> =>
  (await helper.request().get('/delivery/metrics/m').expect(200)).body as Report

/** Push and poll bring the same updates: push 1 ms late, poll 200 ms late. */
function feed(count: number): void {
  const since = clock.now()
  const epoch = newEpoch(since, Math.random)
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const generatedAt = clock.now()
    const update = updateOf(sequence, generatedAt, {
      epoch,
      id: `${epoch}-${String(sequence).padStart(12, '0')}`
    })
    node().receive({ payload: sequence, update } as never)
    node().receive({ payload: sequence, delivery: deliveryOf(update, generatedAt + 1, { since }) } as never)
    const poll = { model: 'pull', source: 'poll', sourceName: 'poll', read: 'latest', since } as const
    const costs = {
      settings: pollSettings(2000, 'latest'),
      totals: {
        ...noTotals,
        requests: sequence * 2,
        empty: sequence,
        updates: sequence,
        bytesSent: sequence * 100
      }
    }
    node().receive({
      payload: sequence,
      delivery: { ...deliveryOf(update, generatedAt + 200, poll), ...costs }
    } as never)
  }
}

/** Everything sent to the node before has been handled. */
async function handled(): Promise<void> {
  const answered = input('answers')
  node().receive({ report: true } as never)
  await answered
}

describe('delivery-metrics', () => {
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('compares push and pull from what is wired in, in report and status', async () => {
    await helper.load(metricsNode, flow({ emitEverySeconds: '0.2' }))
    feed(20)
    const { topic, payload } = (await input('out')) as Message & { payload: Report }
    assert.equal(topic, 'figures')
    const [push, poll] = payload.lanes
    assert.deepEqual([push?.updates.delivered, poll?.updates.delivered], [20, 20])
    assert.ok(Math.abs((push?.latencyMs?.mean ?? 0) - 1) < 0.01)
    assert.ok(Math.abs((poll?.latencyMs?.mean ?? 0) - 200) < 0.01)
    assert.deepEqual(
      [poll?.exchanges.emptyShare, poll?.exchanges.requestsPerUpdate, poll?.bytes.perUpdate],
      [0.5, 2, 100]
    )
    assert.equal(payload.streams[0]?.origin, 'origin')
    for (;;) {
      const [message] = (await once(node(), 'call:status')) as [{ args: [{ text: string; fill: string }] }]
      const [{ text, fill }] = message.args
      if (!text.includes('vs')) continue
      assert.deepEqual([text, fill], ['1.0 ms vs 200 ms', 'green'])
      break
    }
  })

  it('answers on output 2 in every format, keeping the message', async () => {
    await helper.load(metricsNode, flow())
    feed(3)
    const types: Record<string, [unknown, RegExp]> = {
      json: ['application/json', /^\{"version":1/],
      csv: ['text/csv; charset=utf-8', /^name,source,model/],
      html: ['text/html; charset=utf-8', /^<!doctype html>/],
      openmetrics: ['application/openmetrics-text; version=1.0.0; charset=utf-8', /# EOF\n$/],
      times: ['application/json', /^\[\d+/]
    }
    for (const [format, [type, pattern]] of Object.entries(types)) {
      const answered = input('answers')
      node().receive({ report: format, mine: 7, headers: { 'x-mine': '1' } } as never)
      const message = await answered
      assert.match(message.payload as string, pattern)
      assert.deepEqual([message.mine, message.headers], [7, { 'x-mine': '1', 'content-type': type }])
    }
    const answered = input('answers')
    node().receive({ payload: 'anything' } as never)
    assert.equal(((await answered).payload as Report).version, 1)
  })

  it('acts on reset and target, and answers them with nothing', async () => {
    await helper.load(metricsNode, flow())
    feed(5)
    node().receive({ target: { ms: 100 } } as never)
    await handled()
    const before = await reported()
    assert.deepEqual(before.target, { ms: 100, share: 0.95 })
    assert.deepEqual(
      before.lanes.map(({ targetShare }) => targetShare),
      [1, 0]
    )
    node().receive({ reset: true } as never)
    await handled()
    assert.deepEqual(
      (await reported()).lanes.map(({ updates }) => updates.delivered),
      [0, 0]
    )
  })

  it('says what was expected of a bad record or question, at Catch, and goes on', async () => {
    await helper.load(metricsNode, flow())
    const bad: [Record<string, unknown>, string][] = [
      [{ delivery: { model: 'carrier pigeon', source: 'x' } }, 'RECORD_INVALID'],
      [{ delivery: 'text' }, 'RECORD_INVALID'],
      [{ exchange: { model: 'pull' } }, 'RECORD_INVALID'],
      [{ update: { stream: 'x' } }, 'RECORD_INVALID'],
      [{ target: { share: 2 } }, 'RECORD_INVALID'],
      [{ report: 'pdf' }, 'REPORT_UNKNOWN']
    ]
    for (const [message, code] of bad) {
      const caught = input('caught')
      node().receive(message as never)
      const { error } = (await caught) as Message & { error: { code: string; message: string } }
      assert.equal(error.code, code)
      assert.match(error.message, /Expected .*, found /)
    }
    feed(1)
    await handled()
    assert.equal((await reported()).lanes.length, 2)
  })

  it('measures hand-made lanes by the message properties that it is told', async () => {
    await helper.load(
      metricsNode,
      flow({
        laneProperty: 'payload.via',
        idProperty: 'payload.id',
        timeProperty: '$toMillis(payload.at)',
        timePropertyType: 'jsonata'
      })
    )
    await new Promise(resolve => setTimeout(resolve, 5))
    for (const id of [1, 2]) {
      const at = new Date(Math.ceil(clock.now())).toISOString()
      for (const via of ['a', 'b']) node().receive({ topic: 't', payload: { via, id, at } } as never)
    }
    await handled()
    await new Promise(resolve => setTimeout(resolve, 20))
    await handled()
    const { lanes } = await reported()
    assert.deepEqual(
      lanes.map(({ name, model, stream, matchedBy, updates }) => [
        name,
        model,
        stream,
        matchedBy,
        updates.delivered
      ]),
      [
        ['a', 'push', 't', 'id', 2],
        ['b', 'push', 't', 'id', 2]
      ]
    )
    assert.ok(lanes.every(({ flags }) => flags.some(({ code }) => code === 'FOREIGN_IDS')))
  })

  it('keeps its figures over deploys that change name and place, not over others', async () => {
    await helper.load(metricsNode, flow())
    feed(4)
    await handled()
    const { startedAt } = await reported()
    await helper.setFlows(flow({ name: 'renamed', x: 300 }), 'full')
    const kept = await reported()
    assert.deepEqual([kept.name, kept.startedAt, kept.lanes[0]?.updates.delivered], ['renamed', startedAt, 4])
    await helper.setFlows(flow({ warmUpSeconds: '1' }), 'nodes')
    assert.deepEqual((await reported()).lanes, [])
  })

  it('forgets its figures when it is removed', async () => {
    await helper.load(metricsNode, flow())
    feed(4)
    await handled()
    await helper.setFlows([{ id: 'tab', type: 'tab', label: 'Comparison' }], 'full')
    await helper.request().get('/delivery/metrics/m').expect(404)
    await helper.setFlows(flow(), 'full')
    assert.deepEqual((await reported()).lanes, [])
  })

  it('names every instance with the path it stands in, those in subflows too', async () => {
    await helper.load(
      metricsNode,
      flow({}, [
        { id: 'sub', type: 'subflow', name: 'Site', in: [], out: [] },
        {
          id: 'inner',
          z: 'sub',
          type: 'delivery-metrics',
          name: 'site figures',
          x: 1,
          y: 1,
          wires: [[], []]
        },
        { id: 'site1', z: 'tab', type: 'subflow:sub', name: 'Berlin', x: 1, y: 1, wires: [] }
      ])
    )
    const { body } = await helper.request().get('/delivery/metrics').expect(200)
    const byName = Object.fromEntries(
      (body as { id: string; name: string; path: string }[]).map(({ name, path }) => [name, path])
    )
    assert.deepEqual(byName, { figures: 'Comparison', 'site figures': 'Comparison / Berlin' })
  })

  it('serves the report, its formats, events and a reset to the editor', async () => {
    await helper.load(metricsNode, flow())
    feed(2)
    await handled()
    const request = helper.request()
    const { body: detailed } = await request.get('/delivery/metrics/m?detail=1').expect(200)
    assert.equal((detailed as Report).lanes[0]?.latencyMs?.histogram?.count, 2)
    assert.equal((detailed as Report).streams[0]?.gaps.last?.length, 1)
    assert.match((await request.get('/delivery/metrics/m/report.html').expect(200)).text, /<table>/)
    assert.match((await request.get('/delivery/metrics/m/report.csv').expect(200)).text, /\r\npush,/)
    const { body: whole } = await request.get('/delivery/metrics/m/report.json').expect(200)
    assert.equal((whole as Report).lanes[0]?.latencyMs?.histogram?.count, 2)
    const { body: times } = await request.get('/delivery/metrics/m/times').expect(200)
    assert.equal((times as number[]).length, 2)
    const older = await request.get('/delivery/openmetrics').set('Accept', 'text/plain').expect(200)
    assert.match(older.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/)
    const metrics = await request.get('/delivery/openmetrics').expect(200)
    assert.match(metrics.headers['content-type'] ?? '', /openmetrics-text/)
    const events = (await request.get('/delivery/metrics/m/events?after=4').expect(200)).body as EventPage
    assert.deepEqual([events.last, events.updates.length + events.deliveries.length], [6, 2])
    const curves = (await request.get('/delivery/metrics/m/curves').expect(200)).body as Curves
    assert.equal(curves.lanes[0]?.all?.length, curves.atMs.length)
    await request.post('/delivery/metrics/m/reset').send({}).expect(200)
    assert.equal((await reported()).lanes[0]?.updates.delivered, 0)
    for (const path of ['', '/report.html', '/report.csv', '/report.json', '/times', '/events', '/curves'])
      await request.get(`/delivery/metrics/other${path}`).expect(404)
    await request.post('/delivery/metrics/other/reset').expect(404)
  })

  it('asks for the right permission at every endpoint', () => {
    const asked: string[] = []
    const route = (method: string) => (path: string, permission: string) =>
      asked.push(`${method} ${path} ${permission}`)
    metricsNode({
      auth: { needsPermission: (permission: string) => permission },
      httpAdmin: { get: route('GET'), post: route('POST') },
      nodes: { registerType: () => {} }
    } as never)
    assert.ok(asked.length >= 7)
    for (const line of asked)
      assert.match(line, line.startsWith('GET') ? /^GET \S+ delivery\.read$/ : /^POST \S+ delivery\.write$/)
  })

  it('refuses a property that is no expression, in words', async () => {
    await helper.load(metricsNode, flow({ idProperty: '$sum(', idPropertyType: 'jsonata' }))
    const caught = input('caught')
    node().receive({ payload: 1 } as never)
    const { error } = (await caught) as Message & { error: { code: string } }
    assert.equal(error.code, 'EXPRESSION_INVALID')
  })
})
