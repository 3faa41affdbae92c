import assert from 'node:assert/strict'
import type { PublishPacket } from 'aedes'
import type { PushEndpoint } from '../../../lib/push/endpoint.js'
import { type AedesBroker, startAedes, type Transport } from '../../helpers/aedes-broker.js'
import { selfSigned } from '../../helpers/certificate.js'
import { startProxy } from '../../helpers/tcp-proxy.js'
import { numbered, type Subscribed, subscribed } from './subscribed.js'

const publish = (
  server: AedesBroker,
  packet: { topic: string; payload: string | Buffer } & Partial<PublishPacket>
) =>
  new Promise<void>((resolve, reject) => {
    const whole = { cmd: 'publish', qos: 0, retain: false, dup: false, ...packet } as PublishPacket
    server.broker.publish(whole, error => (error ? reject(error) : resolve()))
  })

describe('a subscriber', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const broker = async (...args: Parameters<typeof startAedes>) => {
    const started = await startAedes(...args)
    closers.push(() => started.close())
    return started
  }
  const listen = (...args: Parameters<typeof subscribed>): Subscribed => {
    const party = subscribed(...args)
    closers.push(() => party.subscriber.close())
    return party
  }

  it('delivers an update of ours with everything that its envelope says', async () => {
    const server = await broker()
    const party = listen({ url: server.url })
    await party.subscribed()
    const origin = numbered()
    await publish(server, origin.next({ t: 21.5 }))
    await party.until(() => party.deliveries.length === 1)
    const [delivery] = party.deliveries
    assert.deepEqual(party.payloads, [{ t: 21.5 }])
    assert.equal(delivery?.epoch, origin.epoch)
    assert.equal(delivery?.sequence, 1)
    assert.equal(delivery?.stream, 'updates')
    assert.equal(delivery?.model, 'push')
    assert.equal(delivery?.read, 'push')
    assert.equal(delivery?.catchUp, false)
    assert.equal(delivery?.latencyMs, delivery.receivedAt - (delivery.generatedAt ?? 0))
    assert.ok(delivery.since <= delivery.receivedAt)
    assert.equal(delivery.source, 'n1')
    assert.equal(delivery.sourceName, 'phone')
  })

  it('delivers a retained update that was generated before it subscribed as catch-up, and again as duplicate', async () => {
    const server = await broker()
    await publish(server, { ...numbered().next(), retain: true })
    const party = listen({ url: server.url })
    await party.until(() => party.deliveries.length === 1)
    server.drop()
    await party.until(() => party.deliveries.length === 2)
    assert.deepEqual(
      party.deliveries.map(({ retained, catchUp, duplicate }) => ({ retained, catchUp, duplicate })),
      [
        { retained: true, catchUp: true, duplicate: false },
        { retained: true, catchUp: true, duplicate: true }
      ]
    )
    assert.equal(party.subscriber.report().totals.updates, 1)
  })

  it('knows a foreign retained payload again after a reconnect, but takes equal readings for new ones', async () => {
    const server = await broker()
    const party = listen({ url: server.url })
    await party.subscribed()
    await publish(server, { topic: 'updates', payload: '21.5', retain: true })
    await publish(server, { topic: 'updates', payload: '21.5', retain: true })
    await party.until(() => party.deliveries.length === 2)
    server.drop()
    await party.until(() => party.deliveries.length === 3)
    assert.deepEqual(
      party.deliveries.map(({ duplicate }) => duplicate),
      [false, false, true]
    )
    assert.deepEqual(party.payloads, [21.5, 21.5, 21.5])
  })

  it('finds id, time and value of foreign payloads, in order although one finder takes longer', async () => {
    const server = await broker()
    const pick = (key: string) => (item: unknown) => (item as Record<string, unknown>)[key]
    let calls = 0
    const party = listen(
      { url: server.url },
      {
        finders: {
          id: pick('id'),
          time: pick('at'),
          value: async item => {
            calls += 1
            // the first one answers last, if nobody waits for it
            if (calls === 1) await new Promise(resolve => setTimeout(resolve, 30))
            return pick('t')(item)
          }
        }
      }
    )
    await party.subscribed()
    for (const n of [1, 2, 3, 3])
      await publish(server, {
        topic: 'updates',
        payload: JSON.stringify({ id: n, at: '2026-03-01T12:00:00', t: n * 10 })
      })
    await party.until(() => party.deliveries.length === 4)
    assert.deepEqual(
      party.deliveries.map(({ id, value, duplicate }) => ({ id, value, duplicate })),
      [
        { id: '1', value: 10, duplicate: false },
        { id: '2', value: 20, duplicate: false },
        { id: '3', value: 30, duplicate: false },
        { id: '3', value: 30, duplicate: true }
      ]
    )
    assert.equal(party.deliveries[0]?.generatedAt, Date.UTC(2026, 2, 1, 12))
    assert.equal(party.deliveries[0]?.timeZoneMissing, true)
  })

  it('delivers a payload on which an expression fails, with nulls, and reports the expression', async () => {
    const server = await broker()
    const broken = () => {
      throw new TypeError('not a number')
    }
    const party = listen({ url: server.url }, { finders: { id: null, time: broken, value: null } })
    await party.subscribed()
    await publish(server, { topic: 'updates', payload: 'text' })
    await party.until(() => party.deliveries.length === 1)
    assert.deepEqual(party.payloads, ['text'])
    assert.equal(party.deliveries[0]?.generatedAt, null)
    assert.deepEqual(
      party.errors.map(({ code }) => code),
      ['EXPRESSION_INVALID']
    )
  })

  it('says how many updates were lost, and takes them back when they come after all', async () => {
    const server = await broker()
    const party = listen({ url: server.url })
    await party.subscribed()
    const origin = numbered()
    const first = origin.next()
    const late = origin.next()
    origin.skip(2)
    await publish(server, first)
    await publish(server, origin.next())
    await publish(server, late)
    await publish(server, late)
    origin.skip(1)
    await publish(server, origin.next())
    await party.until(() => party.deliveries.length === 5)
    assert.deepEqual(party.losses, [
      { stream: 'updates', missed: 3, total: 3 },
      { stream: 'updates', missed: 1, total: 3 }
    ])
    assert.equal(party.subscriber.lost, 3)
    assert.deepEqual(
      party.deliveries.map(({ duplicate }) => duplicate),
      [false, false, false, true, false]
    )
  })

  it('refuses an invalid topic filter before it connects', async () => {
    for (const topicFilter of ['a/#/b', 'a+/b', 'a#', ''])
      assert.throws(() => subscribed({ url: 'mqtt://127.0.0.1:1' }, { topicFilter }), {
        code: 'TOPIC_INVALID'
      })
  })

  it('says why a broker refuses it, and is let in when the cause is gone', async () => {
    let open = false
    const server = await broker({
      options: {
        authenticate: (_client, _user, _password, done) => done(null, open)
      }
    })
    const party = listen({ url: server.url })
    await party.until(() => party.states.some(state => state.kind === 'retrying'))
    assert.equal(party.errors[0]?.code, 'NOT_AUTHORIZED')
    open = true
    await party.subscribed()
    assert.equal(party.errors.length, 1)
  })

  it('tries a refused subscription again, slowly, on the same connection', async () => {
    let asked = 0
    const server = await broker({
      options: {
        authorizeSubscribe: (_client, subscription, done) => {
          asked += 1
          done(null, asked === 1 ? null : subscription)
        }
      }
    })
    const party = listen({ url: server.url }, { random: () => 0 })
    await party.subscribed()
    assert.deepEqual(
      party.errors.map(({ code }) => code),
      ['SUBSCRIBE_REFUSED']
    )
    assert.equal(asked, 2)
    assert.deepEqual(
      party.exchanges.map(({ outcome, code, totals }) => [
        outcome,
        code,
        totals.connections,
        totals.open,
        totals.errors
      ]),
      [
        ['error', 'SUBSCRIBE_REFUSED', 1, 1, 1],
        // the connection was told already, by the run that ended with the refusal
        ['connected', null, 0, 1, 0]
      ]
    )
  })

  it('leaves a broker that never answers its subscription', async () => {
    const server = await broker({ options: { authorizeSubscribe: () => {} } })
    const party = listen({ url: server.url }, { connectTimeoutMs: 300 })
    await party.until(() => party.errors.length === 1)
    assert.equal(party.errors[0]?.code, 'CONNECTION_LOST')
    assert.match(String(party.errors[0]?.message), /answer a subscription/)
  })

  it('asks for the address before every connect, and tries several in turn without a pause', async () => {
    const first = await broker()
    const second = await broker()
    const dead = await broker()
    await dead.close()
    closers.splice(-1)
    let list: [PushEndpoint, ...PushEndpoint[]] = [{ url: dead.url }, { url: first.url }]
    const party = listen(async () => list)
    await party.subscribed()
    assert.equal(first.open, 1)
    list = [{ url: second.url }]
    first.drop()
    await party.until(() => party.exchanges.filter(({ outcome }) => outcome === 'connected').length === 2)
    assert.equal(second.open, 1)
  })

  it('waits for an address as long as it takes, and gives up when there will be none', async () => {
    const server = await broker()
    let give: (list: readonly [PushEndpoint]) => void = () => {}
    const waiting = listen(() => new Promise(resolve => (give = resolve)))
    await waiting.until(() => waiting.states.length === 1)
    assert.deepEqual(waiting.states, [{ kind: 'waiting' }])
    give([{ url: server.url }])
    await waiting.subscribed()

    const never = listen(async () => {
      throw new TypeError('forbidden')
    })
    await never.until(() => never.states.at(-1)?.kind === 'failed')
    assert.equal(never.errors.length, 1)
  })

  it('notices within 1.5 keep-alives that the cable was pulled', async () => {
    const server = await broker()
    const proxy = await startProxy(server.port)
    closers.push(() => proxy.close())
    const party = listen({ url: `mqtt://127.0.0.1:${proxy.port}` }, { keepAliveMs: 1000 })
    await party.subscribed()
    // a ping that is answered is no reason to leave
    await new Promise(resolve => setTimeout(resolve, 1700))
    assert.equal(party.states.at(-1)?.kind, 'subscribed')
    const pulledAt = performance.now()
    proxy.pull()
    await party.until(() => party.states.at(-1)?.kind === 'retrying')
    const noticedAfter = performance.now() - pulledAt
    assert.ok(noticedAfter < 3000, `noticed after ${noticedAfter} ms`)
    assert.equal(party.errors[0]?.code, 'CONNECTION_LOST')
    const lost = party.exchanges.find(({ outcome }) => outcome === 'disconnected')
    assert.equal(lost?.code, 'CONNECTION_LOST')
    assert.ok(
      (lost?.endedAt ?? 0) - (lost?.startedAt ?? 0) >= 400,
      'it says when it last heard of the broker'
    )
  })

  it('reports a connection, its loss and the next one, with totals that only grow', async () => {
    const server = await broker()
    const party = listen({ url: server.url })
    await party.subscribed()
    server.drop()
    await party.until(() => party.exchanges.filter(({ outcome }) => outcome === 'connected').length === 2)
    assert.deepEqual(
      party.exchanges.map(({ outcome }) => outcome),
      ['connected', 'disconnected', 'connected']
    )
    const [first, lost, again] = party.exchanges
    assert.equal(first?.since, again?.since)
    assert.equal(lost?.totals.open, 0)
    assert.equal(again?.totals.open, 1)
    assert.equal(again?.totals.connections, 2)
    assert.equal(again?.totals.reconnects, 1)
    const told = party.exchanges.reduce((sum, { bytesSent }) => sum + bytesSent, 0)
    assert.equal(told, again?.totals.bytesSent)
  })

  it('makes no exchange that nobody wants', async () => {
    const server = await broker()
    const party = listen({ url: server.url }, { exchangesWanted: () => false })
    await party.subscribed()
    party.subscriber.tell()
    assert.deepEqual(party.exchanges, [])
  })

  it('counts failed attempts before the first subscription as runs of their own: a new since starts at zero', async () => {
    const server = await broker()
    await server.close()
    closers.splice(-1)
    const party = listen({ url: server.url })
    await party.until(() => party.exchanges.length === 2)
    const again = await broker({ port: server.port })
    await party.subscribed()
    const failed = party.exchanges.filter(({ outcome }) => outcome === 'error')
    const connected = party.exchanges.at(-1)
    assert.equal(again.open, 1)
    assert.ok(failed.every(({ totals }) => totals.errors === 1))
    assert.ok(failed.every(({ since, endedAt }) => since === endedAt))
    assert.equal(connected?.totals.errors, 0)
    assert.equal(connected?.totals.connections, 1)
  })

  for (const transport of ['mqtt', 'mqtts', 'ws', 'wss'] satisfies Transport[])
    it(`counts the bytes of its real socket over ${transport}, over reconnects, as the server does`, async () => {
      const certificate = selfSigned()
      const server = await broker({ transport, certificate })
      const encrypted = transport === 'mqtts' || transport === 'wss'
      const party = listen({ url: server.url, ...(encrypted ? { tls: { ca: certificate.cert } } : {}) })
      await party.subscribed()
      const origin = numbered()
      for (let n = 0; n < 20; n += 1) await publish(server, origin.next({ pad: 'x'.repeat(1000) }))
      await party.until(() => party.deliveries.length === 20)
      server.drop()
      await party.until(() => party.exchanges.filter(({ outcome }) => outcome === 'connected').length === 2)
      await publish(server, origin.next())
      await party.until(() => party.deliveries.length === 21)
      await party.subscriber.close()
      const { totals, settings } = party.subscriber.report()
      assert.ok(totals.bytesReceived > 20_000)
      assert.equal(settings.tls, encrypted)
      const counted = server.bytes()
      // what was on its way when a socket was destroyed was counted by one side alone
      assert.ok(
        Math.abs(counted.received - totals.bytesSent) <= (encrypted ? 64 : 8),
        JSON.stringify([counted, totals])
      )
      assert.ok(
        Math.abs(counted.sent - totals.bytesReceived) <= (encrypted ? 64 : 8),
        JSON.stringify([counted, totals])
      )
    })

  it('does not trust a certificate that nobody vouched for', async () => {
    const server = await broker({ transport: 'mqtts', certificate: selfSigned() })
    const party = listen({ url: server.url })
    await party.until(() => party.errors.length === 1)
    assert.equal(party.errors[0]?.code, 'CONNECT_FAILED')
    assert.match(String(party.errors[0]?.message), /self-signed/)
  })

  it('leaves no socket within 300 ms of its close, whatever it was doing', async () => {
    const server = await broker()
    const party = listen({ url: server.url })
    await party.subscribed()
    const begun = performance.now()
    await party.subscriber.close()
    await party.subscriber.close()
    assert.ok(performance.now() - begun < 300)

    const mute = await startProxy(server.port)
    closers.push(() => mute.close())
    mute.pull()
    const hanging = listen({ url: `mqtt://127.0.0.1:${mute.port}` })
    await hanging.until(() => hanging.states.at(-1)?.kind === 'connecting')
    await hanging.subscriber.close()

    const silent = await startProxy(server.port)
    closers.push(() => silent.close())
    const cut = listen({ url: `mqtt://127.0.0.1:${silent.port}` })
    await cut.subscribed()
    silent.pull()
    const cutAt = performance.now()
    await cut.subscriber.close()
    assert.ok(performance.now() - cutAt < 1000)
  })
})
