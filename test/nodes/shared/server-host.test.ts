import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import pushBroker from '../../../nodes/push-broker/push-broker.js'
import { type Flow, ServerHarness } from './server-harness.js'

describe('a config node whose server runs in a thread', () => {
  const red = new ServerHarness(pollFeed, pushBroker)
  const closers: (() => unknown)[] = []
  before(() => red.open())
  after(() => red.close())
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    await red.unload()
  })

  const tab = { id: 't', type: 'tab', label: 'House' }
  const feed = (properties: Record<string, unknown> = {}) => ({ id: 'f', type: 'poll-feed', ...properties })
  const user = (id: string, properties: Record<string, unknown> = {}) => ({
    id,
    z: 't',
    x: 1,
    y: 1,
    type: 'test-user',
    server: 'f',
    stream: 's',
    wires: [],
    ...properties
  })
  const catcher = [
    { id: 'c', z: 't', x: 1, y: 1, type: 'catch', scope: null, wires: [['caught']] },
    { id: 'caught', z: 't', x: 1, y: 1, type: 'helper', wires: [] }
  ]
  const small: Flow = [tab, feed(), user('u')]

  const portOf = async () => (await red.reach('f', 'listening')).address.port

  async function busyPort(): Promise<{ server: Server; port: number }> {
    const server = createServer().listen(0, '127.0.0.1')
    closers.push(() => server.close())
    await once(server, 'listening')
    const address = server.address()
    assert(typeof address === 'object' && address)
    return { server, port: address.port }
  }

  /** One kept-alive connection to the feed. */
  async function stay(port: number): Promise<{ socket: Socket; ask(path: string): Promise<string> }> {
    const socket = connect(port, '127.0.0.1')
    closers.push(() => socket.destroy())
    socket.setEncoding('utf8')
    await once(socket, 'connect')
    return {
      socket,
      async ask(path) {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        const [answer] = await once(socket, 'data')
        return String(answer)
      }
    }
  }

  const get = async (port: number, path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`)
    return answer.status === 200 ? await answer.json() : answer.status
  }

  it('does not listen while no node uses it', async () => {
    await red.load([tab, feed()])
    assert.equal(red.server('f').state().kind, 'idle')
    assert.equal(red.threads.length, 0)
  })

  it('listens without users when it is always on', async () => {
    await red.load([tab, feed({ alwaysOn: true })])
    assert.deepEqual(await get(await portOf(), '/'), [])
  })

  it('listens with its first user, all streams declared, and takes updates from the start on', async () => {
    await red.load([tab, feed(), user('u', { stream: 'a' }), user('v', { stream: 'b' })])
    const first = red.user('u').handOver(1)
    const second = red.user('u').handOver(2)
    const port = await portOf()
    assert.deepEqual(await get(port, '/'), ['a', 'b'])
    const update = await second
    await first
    const log = (await get(port, '/feeds/a')) as { sequence: string; data: number }[]
    assert.deepEqual(
      log.map(({ data, sequence }) => [data, Number(sequence)]),
      [
        [1, 1],
        [2, 2]
      ]
    )
    assert.deepEqual(red.user('v').seen[1], update)
    assert.deepEqual(
      red.user('u').states.map(({ kind }) => kind),
      ['starting', 'listening']
    )
  })

  it('stops listening when its last user is gone, and listens again for the next one', async () => {
    await red.load(small)
    const port = await portOf()
    await red.deploy([tab, feed()], 'nodes')
    await red.reach('f', 'idle')
    assert.equal(red.threads.length, 0)
    await assert.rejects(get(port, '/'))
    await red.deploy(small, 'nodes')
    assert.equal(await portOf(), port)
  })

  it('keeps thread, port, connections and log over full deploys', async () => {
    await red.load(small)
    const port = await portOf()
    const { socket, ask } = await stay(port)
    const [thread] = red.threads
    let held = red.held
    for (let deploy = 1; deploy <= 100; deploy++) {
      await red.user('u').handOver(deploy)
      await red.deploy(small)
      assert.match(await ask('/clock'), /^HTTP\/1.1 200/)
      if (deploy === 10) held = red.held
    }
    // whatever comes and goes by itself: 90 deploys would leak 90 of something
    for (const [what, count] of Object.entries(red.held))
      assert(count < (held[what] ?? 0) + 10, `${count} ${what}`)
    assert.equal(await portOf(), port)
    assert.equal(socket.destroyed, false)
    assert.deepEqual(red.threads, [thread])
    await red.user('u').handOver('last')
    const log = (await get(port, '/feeds/s?limit=1000')) as { data: unknown }[]
    assert.deepEqual(
      log.map(({ data }) => data),
      [...Array.from({ length: 100 }, (_, index) => index + 1), 'last']
    )
  })

  it('stays while another node takes its time to stop', async () => {
    const slow = { id: 'slow', z: 't', x: 1, y: 1, type: 'test-slow', wires: [] }
    await red.load([...small, slow])
    const { socket, ask } = await stay(await portOf())
    Object.assign(red.user('slow'), { slow: true })
    await red.deploy([...small, slow])
    await ask('/clock')
    assert.equal(socket.destroyed, false)
  })

  it('listens with every stream declared when its first users come by a partial deploy', async () => {
    await red.load([tab, feed()])
    const others = Array.from({ length: 30 }, (_, index) => user(`u${index}`, { stream: `s${index}` }))
    await red.deploy([tab, feed(), ...others], 'nodes')
    assert.equal(((await get(await portOf(), '/')) as string[]).length, 30)
    assert.deepEqual(
      red.listens.map(({ length }) => length),
      [30]
    )
  })

  it('is missed, and its user says so, when it is disabled or of another type', async () => {
    for (const flow of [
      [tab, { ...feed(), d: true }, user('u'), ...catcher],
      [tab, { id: 'f', type: 'helper' }, user('u'), ...catcher]
    ]) {
      await red.load(flow)
      const { error } = await red.received('caught')
      assert.equal((error as { code: string }).code, 'CONFIG_MISSING')
      await red.unload()
    }
    await red.load([])
  })

  it('is adopted when only its name and place changed', async () => {
    await red.load(small)
    const { socket, ask } = await stay(await portOf())
    await red.deploy([tab, feed({ name: 'renamed', x: 100 }), user('u')])
    await ask('/clock')
    assert.equal(socket.destroyed, false)
  })

  it('closes the old server before it starts one with another configuration, on the same port', async () => {
    const { server, port } = await busyPort()
    await new Promise(resolve => server.close(resolve))
    await red.load([tab, feed({ port }), user('u')])
    await portOf()
    red.closeLateMs = 300
    closers.push(() => {
      red.closeLateMs = 0
    })
    for (const history of [10, 20]) {
      await red.deploy([tab, feed({ port, history }), user('u')])
      assert.equal(await portOf(), port)
      assert.deepEqual(
        red.user('u').states.filter(({ kind }) => kind === 'retrying'),
        []
      )
    }
    assert.equal(red.threads.length, 1)
  })

  it('takes over the port of a node that its users have left', async () => {
    const { server, port } = await busyPort()
    await new Promise(resolve => server.close(resolve))
    const other = { ...feed({ port }), id: 'g' }
    await red.load([tab, feed({ port }), other, user('u')])
    await portOf()
    red.closeLateMs = 300
    closers.push(() => {
      red.closeLateMs = 0
    })
    await red.deploy([tab, feed({ port }), other, user('u', { server: 'g' })], 'nodes')
    assert.equal((await red.reach('g', 'listening')).address.port, port)
    assert.deepEqual(
      red.user('u').states.map(({ kind }) => kind),
      ['starting', 'listening']
    )
  })

  it('keeps a free port when its configuration changes', async () => {
    await red.load(small)
    const port = await portOf()
    await red.deploy([tab, feed({ history: 5 }), user('u')])
    assert.equal(await portOf(), port)
  })

  it('ends its thread when it is removed', async () => {
    await red.load([tab, feed({ alwaysOn: true })])
    const port = await portOf()
    await red.deploy([tab])
    assert.equal(red.threads.length, 0)
    await assert.rejects(get(port, '/'))
  })

  it('is back on its port within 2 s with the latest value when its thread was killed', async () => {
    await red.load(small)
    const port = await portOf()
    const update = await red.user('u').handOver('kept')
    const killed = performance.now()
    await red.threads[0]?.terminate()
    await red.reach('f', 'retrying')
    const meanwhile = red.user('u').handOver('meanwhile')
    assert.equal(await portOf(), port)
    assert(performance.now() - killed < 2000)
    const latest = (await get(port, '/latest/s')) as { id: string }
    assert(latest.id >= update.id)
    await meanwhile
    assert.equal(((await get(port, '/latest/s')) as { data: unknown }).data, 'meanwhile')
    const { limits } = await red.describe('f')
    assert.equal((limits as Record<string, number>).threadDied, 1)
  })

  it('says at Catch that its port is in use, keeps trying, and works once the port is free', async () => {
    const { server, port } = await busyPort()
    const loading = red.load([tab, feed({ port }), user('u'), ...catcher])
    await loading
    const caught = await red.received('caught')
    const { code, message, source } = caught.error as {
      code: string
      message: string
      source: { id: string }
    }
    assert.equal(code, 'PORT_IN_USE')
    assert.match(message, new RegExp(`port ${port} of 127.0.0.1 to be free`))
    assert.equal(source.id, 'f')
    const state = red.server('f').state()
    assert(state.kind === 'retrying')
    assert.equal(state.error.code, 'PORT_IN_USE')
    const waited = red.user('u').handOver('waited')
    server.close()
    await red.reach('f', 'listening')
    await waited
    assert.equal(((await get(port, '/latest/s')) as { data: unknown }).data, 'waited')
  })

  it('refuses a second origin of a stream, naming the first and its tab, also after deploys', async () => {
    const flow = [tab, feed(), user('u', { name: 'Thermometer' }), user('v')]
    await red.load(flow)
    for (const deploy of [true, true, false]) {
      assert.equal(red.user('u').claimError, null)
      const error = red.user('v').claimError as { code: string; message: string }
      assert.equal(error.code, 'STREAM_TAKEN')
      assert.match(error.message, /test-user "Thermometer" on tab "House"/)
      if (deploy) await red.deploy(flow)
    }
    await red.deploy([tab, feed(), user('v')])
    assert.equal(red.user('v').claimError, null)
  })

  it('answers what people ask about it', async () => {
    const broker = { id: 'b', type: 'push-broker' }
    await red.load([tab, feed({ name: 'Feed' }), broker, user('u', { name: 'Thermometer' })])
    const port = await portOf()
    await red.user('u').handOver(1)
    const { totals, ...described } = await red.describe('f')
    assert.deepEqual(described, {
      id: 'f',
      type: 'poll-feed',
      name: 'Feed',
      mode: 'embedded',
      state: 'listening',
      error: null,
      address: { host: '127.0.0.1', port, wsPort: null },
      urls: [`http://127.0.0.1:${port}`],
      access: { loopback: true, credentials: false, anonymous: false, tls: false },
      users: [{ id: 'u', type: 'test-user', name: 'Thermometer', tab: { id: 't', label: 'House' } }],
      streams: ['s'],
      connections: 0,
      limits: {}
    })
    assert.equal(typeof (totals as { busyMs: unknown }).busyMs, 'number')
    assert.equal((await red.describe('b')).type, 'push-broker')
    await assert.rejects(red.describe('u'), /404/)
  })

  it('names the tab of a user inside a subflow, by its instance there', async () => {
    await red.load([
      tab,
      feed(),
      { id: 'sub', type: 'subflow', name: 'Sub', in: [], out: [] },
      { ...user('inner', { name: 'Thermometer' }), z: 'sub' },
      { id: 'instance', type: 'subflow:sub', z: 't', x: 1, y: 1, wires: [] }
    ])
    await portOf()
    const { users } = (await red.describe('f')) as { users: { name: string; tab: unknown }[] }
    assert.deepEqual(
      users.map(({ name, tab: place }) => [name, place]),
      [['Thermometer', { id: 't', label: 'House' }]]
    )
  })

  it('listens to Node-RED once, however many there are', async () => {
    await red.load([tab])
    const { listeners: before = 0 } = red.held
    await red.deploy([tab, ...Array.from({ length: 12 }, (_, index) => ({ ...feed(), id: `f${index}` }))])
    assert((red.held.listeners ?? 0) - before < 6)
  })

  describe('which must not listen', () => {
    for (const [rule, host] of [
      ['off', '127.0.0.1'],
      ['loopback', '0.0.0.0'],
      ['lopback', '127.0.0.1']
    ])
      it(`does not, by the rule '${rule}', on ${host}`, async () => {
        const flow = [tab, feed({ host, anonymous: true }), user('u'), ...catcher]
        await red.load(flow, {}, { pollFeedListen: rule })
        const { error } = await red.received('caught')
        assert.equal((error as { code: string }).code, 'FORBIDDEN_BY_SETTINGS')
        assert.equal(red.threads.length, 0)
        await assert.rejects(red.user('u').handOver(1), { code: 'FORBIDDEN_BY_SETTINGS' })
        await assert.rejects(red.server('f').endpoints(new AbortController().signal), {
          code: 'FORBIDDEN_BY_SETTINGS'
        })
      })

    it('does not off loopback without credentials, until it has them', async () => {
      await red.load([tab, feed({ host: '0.0.0.0' }), user('u'), ...catcher])
      const { error } = await red.received('caught')
      assert.equal((error as { code: string }).code, 'CREDENTIALS_REQUIRED')
      await red.deploy([tab, feed({ host: '0.0.0.0' }), user('u')], 'full', { f: { token: 'secret' } })
      const port = await portOf()
      assert.equal(await get(port, '/'), 401)
      const [endpoint] = await red.server('f').endpoints(new AbortController().signal)
      assert.deepEqual(endpoint, { baseUrl: `http://127.0.0.1:${port}`, token: 'secret' })
    })

    it('does on loopback by the rule that allows it there', async () => {
      await red.load([tab, feed({ host: 'localhost' }), user('u')], {}, { pollFeedListen: 'loopback' })
      await portOf()
    })
  })

  it('tells its users what is wrong with its configuration', async () => {
    await red.load([tab, feed({ port: 'abc', history: '0' }), user('u'), ...catcher])
    const { error } = await red.received('caught')
    const { code, message } = error as { code: string; message: string }
    assert.equal(code, 'CONFIG_INVALID')
    assert.match(message, /port: .*"abc".*history: .*"0"/)
    await assert.rejects(red.user('u').handOver(1), { code: 'CONFIG_INVALID' })
  })

  it('waits for a server that is not there yet until it is asked no more', async () => {
    const { port } = await busyPort()
    await red.load([tab, feed({ port }), user('u')])
    const asking = new AbortController()
    const endpoints = red.server('f').endpoints(asking.signal)
    asking.abort(new Error('enough'))
    await assert.rejects(endpoints, { message: 'enough' })
  })
})
