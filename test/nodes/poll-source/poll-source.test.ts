import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { DeliveryError } from '../../../lib/errors.js'
import type { Delivery } from '../../../lib/update/delivery.js'
import type { Exchange, SourceReport } from '../../../lib/update/exchange.js'
import deliveryOrigin from '../../../nodes/delivery-origin/delivery-origin.js'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import pollSource from '../../../nodes/poll-source/poll-source.js'
import type { Message } from '../../../nodes/shared/define-node.js'
import { endsOf, received, redHelper } from '../../helpers/red.js'
import { json, openSite, type Site } from '../../lib/poll/site.js'
import { deviceCertificates } from '../shared/certificates.js'

const helper = redHelper()
const require = createRequire(import.meta.url)
const core = ['05-tls', '06-httpproxy'].map(name => require(`@node-red/nodes/core/network/${name}.js`))
const tab = { id: 'tab', type: 'tab', label: 'House' }
const out = { id: 'out', z: 'tab', type: 'helper' }
const costs = { id: 'costs', z: 'tab', type: 'helper' }
const caught = { id: 'caught', z: 'tab', type: 'helper' }
const catcher = { id: 'grab', z: 'tab', type: 'catch', scope: null, uncaught: false, wires: [['caught']] }
const feed = { id: 'feed', type: 'poll-feed' }
const origin = { id: 'o', z: 'tab', type: 'delivery-origin', broker: '', feed: 'feed', wires: [[]] }
const source = (properties: object = {}) => ({
  id: 'n',
  z: 'tab',
  type: 'poll-source',
  feed: 'feed',
  trigger: 'input',
  wires: [['out'], ['costs']],
  ...properties
})
const urlSource = (url: string, properties: object = {}) =>
  source({ target: 'url', url, stream: 'quakes', feed: '', ...properties })

type Delivered = Message & {
  readonly delivery: Delivery & Partial<SourceReport>
  readonly parts?: object
  readonly statusCode?: number
}
/** As a user types it into a field. */
const variable = (name: string) => `\${${name}}`
const exchangesOf = (messages: readonly Message[]) =>
  messages.map(message => (message as Message & { exchange: Exchange }).exchange)

describe('poll-source', () => {
  const sites: Site[] = []
  const site = async (...given: Parameters<typeof openSite>): Promise<Site> => {
    const opened = await openSite(...given)
    sites.push(opened)
    return opened
  }
  const flow = (...nodes: Record<string, unknown>[]) => [tab, out, costs, caught, catcher, ...nodes]
  const load = (nodes: Record<string, unknown>[], credentials = {}) =>
    helper.load([deliveryOrigin, pollFeed, pollSource, ...core], flow(...nodes), credentials)
  const node = () => helper.getNode('n')
  const poll = async (message: object = {}) => (await endsOf(node(), message))[0]
  const publish = async (...payloads: unknown[]) => {
    for (const payload of payloads) await endsOf(helper.getNode('o'), { payload })
  }
  const delivered = async (count: number, passed = received('out')) =>
    (await passed.first(count)) as unknown as Delivered[]

  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(async () => {
    await helper.unload()
    await Promise.all(sites.splice(0).map(opened => opened.close()))
  })

  it('polls a feed by interval: one message for each update, one exchange for each request', async () => {
    await load([source({ trigger: 'interval', intervalMs: '50' }), feed, origin])
    const [passed, spent] = [received('out'), received('costs')]
    await publish('a')
    const [first] = await delivered(1, passed)
    assert.deepEqual([first?.payload, first?.topic], ['a', 'updates'])
    assert.deepEqual(
      [first?.delivery.model, first?.delivery.source, first?.delivery.sequence, first?.delivery.read],
      ['pull', 'n', 1, 'latest']
    )
    assert.equal(first?.delivery.settings?.intervalMs, 50)
    assert.ok((first?.delivery.server?.updates ?? 0) >= 0)
    const found = () => exchangesOf(spent.messages).find(({ id }) => id === first?.delivery.exchangeId)
    while (!found()) await spent.first(spent.messages.length + 1)
    const updated = found()
    assert.equal(updated?.outcome, 'updated')
    assert.deepEqual(updated?.clock, { offsetMs: 0, errorMs: 0 })
    assert.equal(spent.messages[0]?.topic, 'updates')
    assert.equal(spent.messages[0]?.payload, exchangesOf(spent.messages)[0]?.outcome)
  })

  it('stays on one connection to an embedded feed with TLS and a token', async () => {
    const { selfSigned } = deviceCertificates()
    const tls = { id: 'x', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: true }
    await load([source(), { ...feed, tls: 'x' }, origin, tls], {
      feed: { token: 'secret' },
      x: { certdata: selfSigned.cert, keydata: selfSigned.key }
    })
    const spent = received('costs')
    await publish('a')
    for (let count = 0; count < 3; count += 1) assert.equal(await poll(), undefined)
    const polls = () => exchangesOf(spent.messages).filter(({ kind }) => kind === 'poll')
    while (polls().length < 3) await spent.first(spent.messages.length + 1)
    const { totals, settings } = polls()[2] ?? assert.fail('no exchange')
    assert.deepEqual([totals.connections, totals.notModified, settings.tls], [1, 2, true])
  })

  it('keeps the message’s properties in what an on-demand poll sends, but no old records', async () => {
    await load([source(), feed, origin])
    const [passed, spent] = [received('out'), received('costs')]
    await publish('a')
    assert.equal(await poll({ mine: 1, delivery: 'old', update: 'old', topic: 'x' }), undefined)
    const [first] = await delivered(1, passed)
    assert.deepEqual(
      [first?.mine, first?.payload, first?.topic, 'update' in (first ?? {})],
      [1, 'a', 'updates', false]
    )
    const [exchange] = await spent.first(1)
    assert.equal(exchange?.mine, 1)
  })

  it('a cursor survives redeploys: nothing is lost and nothing repeated', async () => {
    const nodes = [source({ read: 'log', start: 'oldest' }), feed, origin]
    await load(nodes)
    await publish('a', 'b')
    let passed = received('out')
    await poll()
    assert.deepEqual(
      passed.messages.map(({ payload }) => payload),
      ['a', 'b']
    )
    const [two] = passed.messages as unknown as Delivered[]
    assert.deepEqual(two?.parts, { id: two?.delivery.exchangeId, index: 0, count: 2, type: 'array' })
    for (const [index, payload] of ['c', 'd', 'e'].entries()) {
      await helper.setFlows(flow(...nodes), 'full')
      await publish(payload)
      passed = received('out')
      await poll()
      assert.deepEqual(
        passed.messages.map(message => message.payload),
        [payload],
        `deploy ${index}`
      )
    }
    // another way of reading is another reading
    await helper.setFlows(
      flow(source({ read: 'log', start: 'oldest', stream: 'other' }), feed, origin),
      'full'
    )
    passed = received('out')
    assert.equal((await poll())?.code, 'HTTP_STATUS')
  })

  it('makes nothing for its second output while that is unwired', async () => {
    await load([source({ wires: [['out'], []] }), feed, origin])
    const spent = received('costs')
    await publish('a')
    await poll()
    assert.deepEqual([spent.messages, received('out').messages.length], [[], 0])
  })

  it('polls a URL: items, ids and times, and what a Node-RED user expects on a message', async () => {
    const { url } = await site(
      json({
        features: [
          { id: 2, p: { t: 1_517_400_000_000 } },
          { id: 1, p: { t: 1_517_300_000_000 } }
        ]
      })
    )
    await load([
      urlSource(url, {
        start: 'oldest',
        items: 'features',
        idProperty: 'id',
        timeProperty: '$.p.t',
        timePropertyType: 'jsonata'
      })
    ])
    const passed = received('out')
    await poll()
    const messages = (await delivered(2, passed)) as Delivered[]
    assert.deepEqual(
      messages.map(({ delivery }) => [delivery.id, delivery.generatedAt]),
      [
        ['1', 1_517_300_000_000],
        ['2', 1_517_400_000_000]
      ]
    )
    const [first] = messages
    assert.deepEqual([first?.statusCode, first?.responseUrl, first?.topic], [200, `${url}/`, 'quakes'])
    assert.equal(
      (first as { headers?: Record<string, string> }).headers?.['content-type'],
      'application/json'
    )
  })

  it('names the stream of a URL by host and path, and takes msg.url', async () => {
    const { url } = await site((request, response) => json({ path: request.url })(request, response))
    await load([urlSource('', { stream: '' })])
    const passed = received('out')
    await poll({ url: `${url}/a/b/` })
    await poll({ url: `${url}/c` })
    await poll({ url: `${url}/a/b/` })
    const messages = await delivered(2, passed)
    assert.deepEqual(
      messages.map(({ topic }) => topic),
      [`${new URL(url).host}/a/b`, `${new URL(url).host}/c`]
    )
    assert.equal(passed.messages.length, 2)
    for (const bad of [undefined, 7, 'ftp://x', 'nonsense', 'http://u:p@x/'])
      assert.equal((await poll({ url: bad }))?.code, 'URL_INVALID')
  })

  it('sends typed headers and credentials', async () => {
    const { url, requests } = await site(json(1))
    process.env.POLL_TEST = 'from env'
    await load(
      [
        urlSource(url, {
          authType: 'basic',
          headers: [
            { name: 'X-Str', value: 'plain', valueType: 'str' },
            { name: 'X-Env', value: 'POLL_TEST', valueType: 'env' },
            { name: 'X-Msg', value: 'room.name', valueType: 'msg' },
            { name: 'X-Json', value: '$uppercase(topic)', valueType: 'jsonata' },
            { name: 'X-None', value: 'missing', valueType: 'flow' }
          ]
        })
      ],
      { n: { username: 'me', password: 'secret' } }
    )
    delete process.env.POLL_TEST
    assert.equal(await poll({ room: { name: 'kitchen' }, topic: 'oven' }), undefined)
    const { headers } = requests[0] ?? assert.fail('not asked')
    assert.deepEqual(
      [headers['x-str'], headers['x-msg'], headers['x-json'], headers['x-none']],
      ['plain', 'kitchen', 'OVEN', undefined]
    )
    assert.equal(headers.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`)
  })

  it('errors reach Catch with code and answer; done exactly once; it goes on', async () => {
    let status = 404
    const { url } = await site((request, response) => {
      if (status === 200) json({ a: 1 })(request, response)
      else response.writeHead(status, { 'x-why': 'gone' }).end()
    })
    await load([urlSource(url)])
    const [passed, errors] = [received('out'), received('caught')]
    node().receive({ mine: 2 } as Message)
    const [message] = (await errors.first(1)) as unknown as (Message & {
      error: { message: string; code?: string }
      headers: Record<string, string>
    })[]
    assert.deepEqual([message?.mine, message?.statusCode, message?.headers['x-why']], [2, 404, 'gone'])
    assert.match(message?.error.message ?? '', /found 404 Not Found/)
    assert.deepEqual(
      (await endsOf(node(), { mine: 1 })).map(error => error?.code),
      ['HTTP_STATUS']
    )
    status = 200
    assert.equal(await poll(), undefined)
    assert.deepEqual((await delivered(1, passed))[0]?.payload, { a: 1 })
  })

  it('a scheduled poll that fails reaches Catch too, and shows its code', async () => {
    const { url } = await site((_request, response) => response.writeHead(500).end())
    await load([urlSource(url, { trigger: 'interval', intervalMs: '10000' })])
    const status = once(node(), 'call:status').catch(() => {})
    const [message] = (await received('caught').first(1)) as unknown as (Message & {
      error: { code: string }
    })[]
    assert.deepEqual(
      [message?.error.code, message?.topic, message?.statusCode],
      ['HTTP_STATUS', 'quakes', 500]
    )
    await status
  })

  it('obeys running, intervalMs and reset, and polls besides only when asked to', async () => {
    const { url, requests } = await site(json({ a: 1 }, { etag: '"1"' }))
    await load([urlSource(url, { trigger: 'interval', intervalMs: '600000' })])
    const spent = received('costs')
    await spent.first(1)
    for (const message of [{ running: false }, { intervalMs: 700_000 }, { reset: true }]) {
      assert.equal(await poll(message), undefined)
      assert.equal(requests.length, 1)
    }
    await poll({ reset: true, poll: true })
    assert.deepEqual([requests.length, requests[1]?.headers['if-none-match']], [2, undefined])
    await poll({})
    assert.deepEqual([requests.length, requests[2]?.headers['if-none-match']], [3, '"1"'])
    const last = () => exchangesOf(spent.messages).findLast(({ kind }) => kind === 'poll')
    while (last()?.totals.requests !== 3) await spent.first(spent.messages.length + 1)
    assert.equal(last()?.settings.intervalMs, 700_000)
    assert.equal((await poll({ running: 'yes' }))?.code, 'CONFIG_INVALID')
    assert.equal((await poll({ intervalMs: -1 }))?.code, 'CONFIG_INVALID')
    await helper.request().post('/delivery/poll/n').send({ running: true }).expect(200)
    await helper.request().post('/delivery/poll/x').send({ running: true }).expect(404)
    await helper.request().post('/delivery/poll/n').send({}).expect(400)
  })

  it('polls when its button is pressed, also while paused', async () => {
    const { url, requests } = await site(json({ a: 1 }))
    await load([urlSource(url, { trigger: 'interval', intervalMs: '600000' })])
    const spent = received('costs')
    await spent.first(1)
    const press = (body: object) => helper.request().post('/delivery/poll/n').send(body)
    assert.deepEqual((await press({ running: false }).expect(200)).body, { running: false })
    assert.deepEqual((await press({ poll: true }).expect(200)).body, { poll: true })
    while (requests.length < 2) await spent.first(spent.messages.length + 1)
    assert.equal(requests.length, 2)
    await press({ poll: 'please' }).expect(400)
    await press({ running: 1, poll: true }).expect(400)
    assert.equal(requests.length, 2)
  })

  for (const [what, properties, code] of [
    ['no feed', { feed: '' }, 'CONFIG_MISSING'],
    ['a feed that is gone', { feed: 'gone' }, 'CONFIG_MISSING'],
    ['a malformed URL', { target: 'url', url: 'http://' }, 'URL_INVALID'],
    ['no URL', { target: 'url', url: '', trigger: 'interval' }, 'URL_INVALID'],
    [
      'malformed JSONata',
      { target: 'url', url: 'http://x/', items: '$(', itemsType: 'jsonata' },
      'EXPRESSION_INVALID'
    ],
    ['a malformed number', { intervalMs: 'often' }, 'CONFIG_INVALID'],
    [
      'an environment variable that is not set',
      { intervalMs: `${variable('POLL_NOT_SET')}x` },
      'CONFIG_INVALID'
    ],
    ['a malformed stream', { stream: 'a//b' }, 'STREAM_INVALID'],
    ['a missing TLS configuration', { tls: 'gone' }, 'TLS_INVALID'],
    ['a missing proxy', { proxy: 'gone' }, 'CONFIG_MISSING'],
    ['malformed headers', { headers: [{ value: 1 }] }, 'CONFIG_INVALID'],
    [
      'msg headers on a schedule',
      { trigger: 'interval', headers: [{ name: 'a', valueType: 'msg' }] },
      'CONFIG_INVALID'
    ],
    [
      'bounds the wrong way round',
      { trigger: 'adaptive', minIntervalMs: '9', maxIntervalMs: '8' },
      'CONFIG_INVALID'
    ]
  ] as const)
    it(`says what is wrong with ${what}, and rejects each message once`, async () => {
      await load([source(properties), feed])
      const errors = await endsOf(node(), {})
      assert.deepEqual(
        errors.map(error => error?.code),
        [code]
      )
    })

  it('takes environment variables for a number and a URL', async () => {
    const { url } = await site(json('hello'))
    process.env.POLL_URL = url
    process.env.POLL_MS = '600000'
    try {
      await load([urlSource(variable('POLL_URL'), { trigger: 'interval', intervalMs: variable('POLL_MS') })])
      const [first] = await delivered(1)
      assert.deepEqual([first?.payload, first?.delivery.settings?.intervalMs], ['hello', 600_000])
    } finally {
      delete process.env.POLL_URL
      delete process.env.POLL_MS
    }
  })

  it('asks this Node-RED’s own HTTP for a path, below its root, and says when there is none', async () => {
    helper.settings({ httpNodeRoot: '/flows', uiHost: '127.0.0.1' })
    await load([urlSource('/quakes')])
    const [errors, spent] = [received('caught'), received('costs')]
    node().receive({} as Message)
    const [message] = (await errors.first(1)) as unknown as (Message & { error: { code: string } })[]
    assert.equal(message?.responseUrl, `${helper.url()}/flows/quakes`)
    assert.equal(message?.error.code, 'HTTP_STATUS')
    const [exchange] = (await spent.first(1)) as unknown as { exchange: { stream: string } }[]
    assert.equal(exchange?.exchange.stream, 'quakes', 'one name from the first record on')
    await helper.unload()
    helper.settings({ httpNodeRoot: false })
    await load([urlSource('/quakes')])
    assert.equal((await poll())?.code, 'NO_OWN_HTTP')
    helper.settings({ httpNodeRoot: '/' })
  })

  it('goes through the proxy that it is told, but never for loopback', async () => {
    const { url } = await site(json('straight'))
    const asked: (string | undefined)[] = []
    const proxy = createServer((request, response) => {
      asked.push(request.url)
      json('proxied')(request, response)
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address() as { port: number }
    try {
      const config = { id: 'p', type: 'http proxy', url: `http://127.0.0.1:${port}`, noproxy: [] }
      await load([urlSource('', { proxy: 'p' }), config])
      const passed = received('out')
      await poll({ url: 'http://feed.test/x' })
      await poll({ url })
      const messages = await delivered(2, passed)
      assert.deepEqual(
        messages.map(({ payload }) => payload),
        ['proxied', 'straight']
      )
      assert.deepEqual(asked, ['http://feed.test/x'])
    } finally {
      proxy.closeAllConnections()
      proxy.close()
    }
  })

  it('ends a request that nobody answers when it is deployed again, and polls again', async () => {
    let silent = true
    const { url, asked } = await site((request, response) => {
      if (!silent) json(1)(request, response)
    })
    await load([urlSource(url)])
    const ended = endsOf(node(), {}) as Promise<(DeliveryError | undefined)[]>
    await asked(1)
    silent = false
    await helper.setFlows(flow(urlSource(url)), 'full')
    assert.equal((await ended).length, 1)
    assert.equal(await poll(), undefined)
  })
})
