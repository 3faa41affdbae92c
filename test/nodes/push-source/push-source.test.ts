import assert from 'node:assert/strict'
import type { PublishPacket } from 'aedes'
import type { Node } from 'node-red'
import { type AedesBroker, startAedes } from '../../helpers/aedes-broker.js'
import { startProxy } from '../../helpers/tcp-proxy.js'
import { numbered } from '../../lib/push/subscribed.js'
import { type Flow, type Received, SourceHarness } from './source-harness.js'

const tab = { id: 'tab', type: 'tab', label: 'House' }
const placed = { z: 'tab', x: 1, y: 1 }
const caught = { ...placed, id: 'caught', type: 'helper' }
const catcher = { ...placed, id: 'catcher', type: 'catch', wires: [['caught']] }
const out1 = { ...placed, id: 'out1', type: 'helper' }
const out2 = { ...placed, id: 'out2', type: 'helper' }
const source = {
  id: 'source',
  type: 'push-source',
  ...placed,
  name: 'phone',
  broker: 'broker',
  wires: [['out1'], ['out2']]
}
const embedded = { id: 'broker', type: 'push-broker' }
const origin = { id: 'origin', type: 'delivery-origin', ...placed, broker: 'broker', wires: [[]] }
const base: Flow = [tab, catcher, caught, out1, out2]

const codeOf = (message: Received | undefined) => (message?.error as { code?: unknown } | undefined)?.code

describe('push-source', () => {
  const red = new SourceHarness()
  const servers: AedesBroker[] = []
  const external = async (...args: Parameters<typeof startAedes>) => {
    const server = await startAedes(...args)
    servers.push(server)
    return { server, broker: { id: 'broker', type: 'push-broker', mode: 'external', url: server.url } }
  }
  const publish = (
    { broker }: AedesBroker,
    packet: Pick<PublishPacket, 'topic' | 'payload'> & Partial<PublishPacket>
  ) =>
    new Promise<void>((resolve, reject) => {
      const whole = { cmd: 'publish', qos: 0, retain: false, dup: false, ...packet } as PublishPacket
      broker.publish(whole, error => (error ? reject(error) : resolve()))
    })
  afterEach(async () => {
    await red.unload()
    for (const server of servers.splice(0)) await server.close()
  })
  const feed = (payload: unknown) => red.node<Node>('origin').receive({ payload } as never)
  // texts are keys here, cut at 20 characters: the look tells
  const subscribed = (id = 'source') => red.until(() => red.statuses.get(id)?.at(-1)?.fill === 'green')

  it('sends each update of the embedded broker, with its costs on the first', async () => {
    await red.load([...base, embedded, origin, source])
    await subscribed()
    feed({ t: 21.5 })
    feed({ t: 22 })
    await red.until(() => red.got('out1').length === 2)
    const [first, second] = red.got('out1')
    assert.deepEqual(first?.payload, { t: 21.5 })
    assert.equal(first?.topic, 'updates')
    assert.equal(first?.qos, 0)
    assert.equal(first?.retain, false)
    assert.equal(first?.delivery.sourceName, 'phone')
    assert.equal(first?.delivery.sequence, 1)
    assert.ok((first?.delivery.latencyMs ?? -1) >= 0)
    assert.equal(first?.delivery.totals?.open, 1)
    assert.equal(first?.delivery.settings?.session, 'clean')
    assert.ok(first?.delivery.server)
    assert.equal(second?.delivery.totals, undefined)
    await red.until(() => /^2 · .* ms/.test(red.status('source')))
  })

  it('reports connections and traffic on output 2, and again whenever flows have started', async () => {
    const { server, broker } = await external()
    const flow = [...base, broker, source]
    await red.load(flow)
    await red.until(() => red.got('out2').length >= 1)
    assert.equal(red.got('out2')[0]?.payload, 'connected')
    assert.equal(red.got('out2')[0]?.exchange.server, null)
    await publish(server, numbered().next())
    await red.until(() => red.got('out2').some(({ payload }) => payload === 'traffic'))
    assert.equal(red.got('out2').find(({ payload }) => payload === 'traffic')?.exchange.updates, 1)
    const before = red.got('out2').length
    const since = red.got('out2')[0]?.exchange.since
    await red.deploy([...flow, { ...placed, id: 'other', type: 'helper' }], 'nodes')
    await red.until(() => red.got('out2').length > before)
    assert.equal(red.got('out2').at(-1)?.payload, 'traffic')
    assert.equal(red.got('out2').at(-1)?.exchange.since, since)
  })

  it('makes nothing for output 2 while it is unwired', async () => {
    const { server, broker } = await external()
    await red.load([...base, broker, { ...source, wires: [['out1'], []] }])
    await subscribed()
    await publish(server, numbered().next())
    await red.until(() => red.got('out1').length === 1)
    assert.equal(red.got('out2').length, 0)
  })

  it('reads the messages of other publishers as told', async () => {
    const { server, broker } = await external()
    const told = {
      idProperty: 'key',
      timeProperty: '$.meta.at & "Z"',
      timePropertyType: 'jsonata',
      valueProperty: 'readings[0]'
    }
    await red.load([...base, broker, { ...source, stream: 'house/+', ...told }])
    await subscribed()
    const payload = { key: 7, meta: { at: '2026-03-01T12:00:00' }, readings: [21.5] }
    await publish(server, { topic: 'house/hall', payload: JSON.stringify(payload) })
    await red.until(() => red.got('out1').length === 1)
    const [message] = red.got('out1')
    assert.deepEqual(message?.payload, payload)
    assert.equal(message?.topic, 'house/hall')
    assert.equal(message?.delivery.id, '7')
    assert.equal(message?.delivery.generatedAt, Date.UTC(2026, 2, 1, 12))
    assert.equal(message?.delivery.value, 21.5)
  })

  it('says at Catch and in its status what is wrong with its configuration', async () => {
    const { broker } = await external()
    await red.load([
      ...base,
      broker,
      { ...source, id: 'none', broker: '' },
      { ...source, id: 'topic', stream: 'a/#/b' },
      { ...source, id: 'path', idProperty: 'a..b' },
      { ...source, id: 'jsonata', timeProperty: '$sum(', timePropertyType: 'jsonata' },
      { ...source, id: 'number', qos: '3' }
    ])
    await red.until(() => red.got('caught').length === 5)
    const codes = Object.fromEntries(
      red.got('caught').map(message => [message.error.source.id, codeOf(message)])
    )
    assert.deepEqual(codes, {
      none: 'CONFIG_MISSING',
      topic: 'TOPIC_INVALID',
      path: 'EXPRESSION_INVALID',
      jsonata: 'EXPRESSION_INVALID',
      number: 'CONFIG_INVALID'
    })
    assert.equal(red.status('topic'), 'topic invalid')
  })

  it('says that a broker refuses it, and goes on when the cause is gone', async () => {
    let open = false
    const { broker } = await external({
      options: { authenticate: (_client, _user, _word, done) => done(null, open) }
    })
    await red.load([...base, broker, source])
    await red.until(() => red.status('source') === 'not authorized')
    assert.equal(codeOf(red.got('caught')[0]), 'NOT_AUTHORIZED')
    open = true
    await subscribed()
  })

  it('warns of lost updates and counts them in its status', async () => {
    const { server, broker } = await external()
    await red.load([...base, broker, source])
    await subscribed()
    const updates = numbered()
    await publish(server, updates.next())
    updates.skip(3)
    await publish(server, updates.next())
    const limited = () => red.statuses.get('source')?.at(-1)
    await red.until(() => limited()?.fill === 'yellow' && limited()?.shape === 'dot')
    assert.ok(red.logged().some(({ msg }) => String(msg).includes('push-source.warning.lost')))
  })

  it('leaves one client and no complaint after 20 full deploys, and goes on delivering', async () => {
    const { server, broker } = await external()
    const flow = [...base, broker, source]
    await red.load(flow)
    const retained = numbered()
    for (let n = 0; n < 20; n += 1) await red.deploy(flow)
    await subscribed()
    await publish(server, retained.next())
    await red.until(() => red.got('out1').length === 1)
    assert.equal(server.broker.connectedClients, 1)
    assert.equal(server.open, 1)
    assert.deepEqual(
      red.logged().filter(({ msg }) => /timed out|EADDRINUSE/i.test(String(msg))),
      []
    )
  })

  it('knows over a deploy what it holds already: the retained update comes again as duplicate', async () => {
    const { server, broker } = await external()
    const update = numbered().next()
    await new Promise<void>((resolve, reject) =>
      server.broker.publish(
        { cmd: 'publish', qos: 0, retain: true, dup: false, ...update } as PublishPacket,
        error => (error ? reject(error) : resolve())
      )
    )
    const flow = [...base, broker, source]
    await red.load(flow)
    await red.until(() => red.got('out1').length === 1)
    await red.deploy(flow)
    await red.until(() => red.got('out1').length === 2)
    const [first, second] = red.got('out1')
    assert.equal(first?.delivery.duplicate, false)
    assert.equal(second?.delivery.duplicate, true)
    assert.ok((second?.delivery.since ?? 0) > (first?.delivery.since ?? 0))
    assert.equal(second?.delivery.totals?.updates, 0)
  })

  it('has a client id that stays over deploys and differs between copies', async () => {
    const { server, broker } = await external()
    const ids = new Set<string>()
    server.broker.on('client', ({ id }) => ids.add(id))
    const flow = [...base, broker, source, { ...source, id: 'copy' }]
    await red.load(flow)
    await red.until(() => ids.size === 2)
    const connected = () => red.statuses.get('copy')?.filter(({ fill }) => fill === 'green').length ?? 0
    await red.until(() => connected() === 1)
    await red.deploy(flow)
    await red.until(() => connected() === 2)
    assert.equal(ids.size, 2)
    for (const id of ids) assert.match(id, /^push[0-9a-f]{18}$/)
  })

  it('gets from a persistent session what came while it was being deployed, as catch-up', async () => {
    const { server, broker } = await external()
    const flow = [...base, broker, { ...source, session: 'persistent', qos: '1' }]
    const updates = numbered()
    await red.load(flow)
    await subscribed()
    await publish(server, { ...updates.next(), qos: 1 })
    await red.until(() => red.got('out1').length === 1)
    const gone = new Promise(resolve => server.broker.once('clientDisconnect', resolve))
    const deployed = red.deploy(flow)
    await gone
    await publish(server, { ...updates.next(), qos: 1 })
    await deployed
    await red.until(() => red.got('out1').length === 2)
    const [, second] = red.got('out1')
    assert.equal(second?.delivery.sequence, 2)
    assert.equal(second?.delivery.duplicate, false)
    assert.deepEqual(
      red.logged().filter(({ msg }) => String(msg).includes('warning.lost')),
      []
    )
  })

  it('is gone from the broker when it is deleted, its session too', async () => {
    const { server, broker } = await external()
    await red.load([...base, broker, { ...source, session: 'persistent', qos: '1', clientId: 'deleted' }])
    await subscribed()
    await red.deploy([...base, broker])
    // the broker hears of it a moment later
    for (let n = 0; n < 200 && server.broker.connectedClients > 0; n += 1)
      await new Promise(resolve => setTimeout(resolve, 10))
    assert.equal(server.broker.connectedClients, 0)
    await publish(server, { ...numbered().next(), qos: 1 })
    await red.deploy([...base, broker, { ...source, session: 'persistent', qos: '1', clientId: 'deleted' }])
    await subscribed()
    await publish(server, { ...numbered().next('only'), qos: 1 })
    await red.until(() => red.got('out1').length > 0)
    assert.equal(red.got('out1')[0]?.payload, 'only')
  })

  it('holds up no deploy when its broker has fallen silent', async () => {
    const { server } = await external()
    const proxy = await startProxy(server.port)
    const broker = {
      id: 'broker',
      type: 'push-broker',
      mode: 'external',
      url: `mqtt://127.0.0.1:${proxy.port}`
    }
    try {
      await red.load([...base, broker, source])
      await subscribed()
      proxy.pull()
      const begun = performance.now()
      await red.deploy([...base, broker])
      assert.ok(performance.now() - begun < 2000)
    } finally {
      await proxy.close()
    }
  })
})
