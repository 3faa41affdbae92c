import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import helper from 'node-red-node-test-helper'
import pushBroker from '../../../nodes/push-broker/push-broker.js'
import { startAedes } from '../../helpers/aedes-broker.js'
import { redHelper } from '../../helpers/red.js'

redHelper()
const variable = (name: string) => `\${${name}}`
const placeholder = '__PWRD__'

interface Told {
  readonly error: { readonly code: string; readonly message: string } | null
  readonly address: string | null
  readonly mode: string
  readonly connected?: boolean
  readonly returnCode?: number | null
  readonly subscription?: string | null
  readonly topicFilter?: string
  readonly retained?: { readonly topic: string; readonly bytes: number } | null
  readonly failed?: readonly { readonly address: string; readonly code: string }[]
  readonly ports?: readonly { readonly port: number; readonly state: string }[]
  readonly access?: { readonly loopback: boolean }
}

describe('trying a push-broker', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
    await helper.unload()
  })
  before(() => helper.startServer())
  after(() => helper.stopServer())

  const aedes = async (...given: Parameters<typeof startAedes>) => {
    const started = await startAedes(...given)
    closers.push(() => started.close())
    return started
  }
  /** What each connection said: user name and password. */
  const guarded = async () => {
    const seen: string[] = []
    const server = await aedes({
      options: {
        authenticate(_client, username, password, callback) {
          seen.push(`${username}:${password}`)
          callback(null, true)
        }
      }
    })
    return { ...server, seen }
  }
  const load = (nodes: readonly object[], credentials = {}) =>
    helper.load([pushBroker], [{ id: 'tab', type: 'tab' }, ...nodes] as never, credentials)
  const attempt = async (config: object, more: object = {}): Promise<Told> => {
    const { status, body } = await helper
      .request()
      .post('/delivery/try/broker')
      .send({ id: 'b', config, ...more })
    assert.equal(status, 200, JSON.stringify(body))
    return body as Told
  }
  const external = (url: string) => ({ mode: 'external', url })

  it('connects and subscribes with an address that nobody has saved', async () => {
    await load([])
    const server = await aedes()
    const told = await attempt(external(server.url))
    assert.deepEqual(
      [told.error, told.address, told.connected, told.returnCode, told.subscription, told.topicFilter],
      [null, server.url, true, 0, 'granted', 'updates']
    )
    assert.equal(server.open, 0)
    const line = helper
      .log()
      .args.map(([entry]) => entry as Readonly<Record<string, unknown>>)
      .find(({ event }) => event === 'delivery.try')
    assert.deepEqual([line?.what, line?.address, line?.error], ['broker', server.url, null])
  })

  it('takes a topic filter, also from the environment, and refuses what is none', async () => {
    process.env.TRY_FILTER = 'a/+'
    try {
      await load([])
      const server = await aedes()
      const told = await attempt(external(server.url), { topicFilter: variable('TRY_FILTER') })
      assert.equal(told.subscription, 'granted')
      const wrong = await attempt(external(server.url), { topicFilter: 'a/#/b' })
      assert.equal(wrong.error?.code, 'TOPIC_INVALID')
    } finally {
      delete process.env.TRY_FILTER
    }
  })

  it('tells which of several addresses answered, and errors without path and query', async () => {
    await load([])
    const server = await aedes({ transport: 'ws' })
    const closed = await startAedes()
    await closed.close()
    const told = await attempt(external(`${closed.url}, ${server.url}/mqtt?token=hidden-word`))
    assert.deepEqual(
      told.failed?.map(({ address, code }) => [address, code]),
      [[closed.url, 'CONNECT_FAILED']]
    )
    assert.equal(told.address, server.url)
    assert.doesNotMatch(JSON.stringify(told), /hidden-word/)
    await server.close()
    closers.pop()
    const lost = await attempt(external(`${server.url}/mqtt?token=hidden-word`))
    assert.equal(lost.error?.code, 'CONNECT_FAILED')
    assert.doesNotMatch(JSON.stringify(lost), /hidden-word/)
  })

  it('sends saved credentials where the deployed node does, and nowhere else', async () => {
    const [home, other] = [await guarded(), await guarded()]
    const saved = { b: { username: 'ann', password: 'pass-word' } }
    await load([{ id: 'b', type: 'push-broker', ...external(home.url) }], saved)
    const credentials = { username: 'ann', password: placeholder }
    assert.equal((await attempt(external(`${home.url}/`), { credentials })).error, null)
    assert.deepEqual(home.seen, ['ann:pass-word'])
    for (const url of [
      other.url,
      `${home.url},${other.url}`,
      home.url.replace('127.0.0.1', 'localhost'),
      home.url.replace('mqtt:', 'ws:')
    ]) {
      const told = await attempt(external(url), { credentials })
      assert.equal(told.error?.code, 'CREDENTIALS_AGAIN', url)
      assert.doesNotMatch(JSON.stringify(told), /pass-word/)
    }
    assert.deepEqual([home.seen.length, other.seen.length], [1, 0])
    const typed = { credentials: { username: 'ann', password: 'new-one' } }
    assert.equal((await attempt(external(other.url), typed)).error, null)
    assert.deepEqual(other.seen, ['ann:new-one'])
  })

  it('a broker that was deployed embedded lends its credentials to no address', async () => {
    const other = await guarded()
    await load([{ id: 'b', type: 'push-broker' }], { b: { username: 'ann', password: 'pass-word' } })
    const told = await attempt(external(other.url), {
      credentials: { username: 'ann', password: placeholder }
    })
    assert.equal(told.error?.code, 'CREDENTIALS_AGAIN')
    assert.deepEqual(other.seen, [])
  })

  describe('embedded', () => {
    const node = (properties: object = {}) => ({
      id: 'b',
      type: 'push-broker',
      alwaysOn: true,
      ...properties
    })

    it('connects to the deployed broker while the settings are its own', async () => {
      await load([node()], { b: { username: 'ann', password: 'pass-word' } })
      const credentials = { username: 'ann', password: placeholder }
      const told = await attempt({ alwaysOn: true }, { credentials })
      assert.deepEqual(
        [told.error, told.mode, told.connected, told.subscription],
        [null, 'embedded', true, 'granted']
      )
      assert.match(told.address ?? '', /^mqtt:\/\/127\.0\.0\.1:\d+$/)
      // other settings would be another broker
      const changed = await attempt({ alwaysOn: true, maxConnections: '5' }, { credentials })
      assert.deepEqual([changed.error, changed.connected], [null, undefined])
      assert.deepEqual(changed.ports, [{ port: 0, state: 'any' }])
    })

    it('says whether it could listen: port free, taken, or its own', async () => {
      const holder = createServer().listen(0, '127.0.0.1')
      await once(holder, 'listening')
      closers.push(() => holder.close())
      const { port } = holder.address() as AddressInfo
      await load([node()])
      const taken = await attempt({ port: String(port) })
      assert.equal(taken.error?.code, 'PORT_IN_USE')
      assert.match(taken.error?.message ?? '', new RegExp(`port ${port}`))
      assert.equal((await attempt({ wsPort: String(port) })).error?.code, 'PORT_IN_USE')
      holder.close()
      await once(holder, 'close')
      const free = await attempt({ port: String(port), wsPort: '0' })
      assert.deepEqual(free.error, null)
      assert.deepEqual(free.ports, [
        { port, state: 'free' },
        { port: 0, state: 'any' }
      ])
      const { address } = await attempt({ alwaysOn: true })
      const own = Number(new URL(address ?? '').port)
      const same = await attempt({ port: String(own), maxConnections: '5' })
      assert.deepEqual(same.ports, [{ port: own, state: 'own' }])
    })

    it('says who would reach it, and when it must not listen', async () => {
      await load([])
      assert.equal((await attempt({})).access?.loopback, true)
      assert.equal((await attempt({ host: '0.0.0.0' })).error?.code, 'CREDENTIALS_REQUIRED')
      const credentials = { username: 'ann', password: 'pass-word' }
      assert.equal((await attempt({ host: '0.0.0.0' }, { credentials })).access?.loopback, false)
      assert.equal((await attempt({ host: '0.0.0.0', anonymous: true })).error, null)
      assert.equal((await attempt({ host: '192.0.2.1', anonymous: true })).error?.code, 'LISTEN_FAILED')
      helper.settings({ pushBrokerListen: 'off' })
      try {
        await helper.unload()
        await load([])
        assert.equal((await attempt({})).error?.code, 'FORBIDDEN_BY_SETTINGS')
      } finally {
        helper.settings({})
      }
    })

    it('says what is wrong with its settings', async () => {
      await load([])
      const cases = [
        [{ port: '70000' }, 'CONFIG_INVALID'],
        [{ port: '5', wsPort: '5' }, 'CONFIG_INVALID'],
        [{ tls: 'not-yet' }, 'CONFIG_MISSING'],
        [{ mode: 'external' }, 'URL_INVALID'],
        [{ mode: 'external', url: 'http://x' }, 'URL_INVALID']
      ] as const
      for (const [config, code] of cases) assert.equal((await attempt(config)).error?.code, code)
      const alone = await attempt({}, { credentials: { password: 'pass-word' } })
      assert.equal(alone.error?.code, 'CONFIG_INVALID')
    })
  })
})
