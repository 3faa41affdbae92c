import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import pushBroker from '../../../nodes/push-broker/push-broker.js'
import type { BrokerEndpoint } from '../../../nodes/shared/server-node.js'
import { startAedes } from '../../helpers/aedes-broker.js'
import { deviceCertificates } from '../shared/certificates.js'
import { type Flow, ServerHarness } from '../shared/server-harness.js'

describe('push-broker', () => {
  const red = new ServerHarness(pushBroker)
  const closers: (() => unknown)[] = []
  before(() => red.open())
  after(() => red.close())
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    await red.unload()
  })

  const tab = { id: 't', type: 'tab', label: 'House' }
  const broker = (properties: Record<string, unknown> = {}) => ({
    id: 'b',
    type: 'push-broker',
    ...properties
  })
  const user = { id: 'u', z: 't', x: 1, y: 1, type: 'test-user', server: 'b', stream: 's', wires: [] }
  const catcher = [
    { id: 'c', z: 't', x: 1, y: 1, type: 'catch', scope: null, wires: [['caught']] },
    { id: 'caught', z: 't', x: 1, y: 1, type: 'helper', wires: [] }
  ]
  const small: Flow = [tab, broker(), user]

  const endpoints = async () =>
    (await red.server('b').endpoints(new AbortController().signal)) as unknown as readonly [BrokerEndpoint]

  /** An MQTT client that never reconnects, and what it received. */
  async function subscriber(
    url: string,
    options: IClientOptions = {},
    filter = '#'
  ): Promise<{ client: MqttClient; received: { data: unknown; retain: boolean }[]; next(): Promise<void> }> {
    const client = await connectAsync(url, { ...options, reconnectPeriod: 0 })
    client.on('error', () => undefined)
    closers.push(() => client.endAsync(true))
    const received: { data: unknown; retain: boolean }[] = []
    let wake = () => {}
    client.on('message', (_topic, payload, { retain }) => {
      received.push({ data: JSON.parse(payload.toString()).data, retain })
      wake()
    })
    await client.subscribeAsync(filter)
    return {
      client,
      received,
      next: () =>
        new Promise(resolve => {
          wake = resolve
        })
    }
  }

  const caughtCode = async () => ((await red.received('caught')).error as { code: string }).code

  it('keeps an external subscriber on one connection over 100 full deploys, without a loss', async () => {
    await red.load(small)
    const { url } = (await endpoints())[0]
    const { client, received, next } = await subscriber(url)
    let closes = 0
    client.on('close', () => closes++)
    const [thread] = red.threads
    for (let deploy = 1; deploy <= 100; deploy++) {
      await red.user('u').handOver(deploy)
      await red.deploy(small)
    }
    while (received.length < 100) await next()
    assert.deepEqual(
      received.map(({ data }) => data),
      Array.from({ length: 100 }, (_, index) => index + 1)
    )
    assert.equal(closes, 0)
    assert.deepEqual(red.threads, [thread])
    assert.equal((await endpoints())[0].url, url)
  })

  it('is back on both ports with its retained messages when its thread was killed', async () => {
    await red.load([tab, broker({ wsPort: '0' }), user])
    const before = (await red.reach('b', 'listening')).address
    assert(before.wsPort)
    await red.user('u').handOver('kept')
    const { client } = await subscriber(`ws://127.0.0.1:${before.wsPort}`)
    const closed = new Promise<void>(resolve => client.once('close', () => resolve()))
    const killed = performance.now()
    await red.threads[0]?.terminate()
    await red.reach('b', 'retrying')
    await closed
    assert.deepEqual((await red.reach('b', 'listening')).address, before)
    assert(performance.now() - killed < 2000)
    const again = await subscriber(`ws://127.0.0.1:${before.wsPort}`)
    if (again.received.length === 0) await again.next()
    assert.deepEqual(again.received, [{ data: 'kept', retain: true }])
  })

  it('lets our own clients in by credentials and its own certificate, and others not', async () => {
    const { issued } = deviceCertificates()
    const flow = [
      tab,
      broker({ host: '0.0.0.0', tls: 'x' }),
      user,
      { id: 'x', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: true }
    ]
    await red.load(flow, {
      b: { username: 'me', password: 'secret' },
      x: { certdata: issued[0].cert, keydata: issued[0].key }
    })
    const { url, username, password, tls } = (await endpoints())[0]
    const { port } = (await red.reach('b', 'listening')).address
    assert.equal(url, `mqtts://127.0.0.1:${port}`)
    assert(username && password && tls)
    await subscriber(url, { ...(tls as IClientOptions), username, password })
    await assert.rejects(connectAsync(url, { ...(tls as IClientOptions), reconnectPeriod: 0 }, false))
    await assert.rejects(connectAsync(url, { username, password, reconnectPeriod: 0 }, false))
    const described = await red.describe('b')
    assert.deepEqual(described.access, { loopback: false, credentials: true, anonymous: false, tls: true })
    assert((described.urls as string[]).includes(url))
    assert(!JSON.stringify(described).includes('secret'))
  })

  it('says when its WebSocket port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    closers.push(() => other.close())
    await once(other, 'listening')
    const address = other.address()
    assert(typeof address === 'object' && address)
    await red.load([tab, broker({ wsPort: address.port }), user, ...catcher])
    assert.equal(await caughtCode(), 'PORT_IN_USE')
    other.close()
    await red.reach('b', 'listening')
  })

  it('refuses what cannot be configured, in words', async () => {
    await red.load([tab])
    for (const [properties, credentials, message] of [
      [{ port: '1883', wsPort: '1883' }, {}, /two different ports/],
      [{}, { password: 'secret' }, /user name with the password/],
      [{ maxPacketBytes: '12' }, {}, /maxPacketBytes: .*from 1024/],
      [{ mode: 'external', url: '' }, {}, /URL of a broker/],
      [{ mode: 'external', url: 'http://host' }, {}, /mqtt:\/\/ or mqtts/],
      [{ mode: 'external', url: 'mqtt://me:secret@host' }, {}, /fields of their own.*for host$/],
      [{ tls: 'gone' }, {}, /tls-config/]
    ] as const) {
      await red.deploy([tab, broker(properties), user], 'full', { b: credentials })
      const state = red.server('b').state()
      assert(state.kind === 'failed')
      assert.match(state.error.message, message)
      assert(!state.error.message.includes('secret'))
    }
  })

  describe('as an external broker', () => {
    it('gives addresses in turn, credentials to each and TLS where it belongs', async () => {
      const external = broker({
        mode: 'external',
        url: ' mqtt://one:1883, wss://two/mqtt ',
        tls: 'x'
      })
      const tls = {
        id: 'x',
        type: 'tls-config',
        cert: '',
        key: '',
        ca: '',
        servername: 'two.example',
        verifyservercert: true
      }
      await red.load([tab, external, user, tls], { b: { username: 'me', password: 'secret' } })
      assert.deepEqual(await endpoints(), [
        { url: 'mqtt://one:1883', username: 'me', password: 'secret' },
        {
          url: 'wss://two/mqtt',
          username: 'me',
          password: 'secret',
          tls: { servername: 'two.example', rejectUnauthorized: true }
        }
      ])
      assert.equal(red.server('b').state().kind, 'external')
      assert.equal(red.server('b').server(), null)
      assert.equal(red.threads.length, 0)
      const { mode, urls, state } = await red.describe('b')
      assert.deepEqual(
        { mode, urls, state },
        {
          mode: 'external',
          urls: ['mqtt://one:1883', 'wss://two/mqtt'],
          state: 'external'
        }
      )
    })

    it('is published to, and tells users in this process as well', async () => {
      const aedes = await startAedes()
      closers.push(() => aedes.close())
      await red.load([tab, broker({ mode: 'external', url: aedes.url }), user])
      const { received, next } = await subscriber(aedes.url)
      const update = await red.user('u').handOver(21)
      if (received.length === 0) await next()
      assert.equal(received[0]?.data, 21)
      assert.deepEqual(red.user('u').seen, [update])
    })

    it('is published to on one connection over deploys, which ends with the last user', async () => {
      const aedes = await startAedes()
      closers.push(() => aedes.close())
      let connects = 0
      aedes.broker.on('client', () => {
        connects += 1
      })
      const external = broker({ mode: 'external', url: aedes.url })
      await red.load([tab, external, user])
      for (let deploy = 1; deploy <= 5; deploy++) {
        await red.user('u').handOver(deploy)
        await red.deploy([tab, external, user])
      }
      assert.equal(connects, 1)
      const gone = new Promise(resolve => aedes.broker.once('clientDisconnect', resolve))
      await red.deploy([tab, external])
      await gone
    })

    it('tells Catch when it cannot be reached', async () => {
      const aedes = await startAedes()
      await aedes.close()
      await red.load([tab, broker({ mode: 'external', url: aedes.url }), user, ...catcher])
      const caught = caughtCode()
      await assert.rejects(red.user('u').handOver(1))
      assert.match(await caught, /^CONNECT/)
    })
  })
})
