import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import deliveryOrigin from '../../../nodes/delivery-origin/delivery-origin.js'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import pollSource from '../../../nodes/poll-source/poll-source.js'
import { eventually } from '../../helpers/node-red.js'
import { endsOf, redHelper } from '../../helpers/red.js'
import { json, openSite, type Site } from '../../lib/poll/site.js'
import { deviceCertificates } from '../shared/certificates.js'

const helper = redHelper()
const require = createRequire(import.meta.url)
const core = ['05-tls', '06-httpproxy'].map(name => require(`@node-red/nodes/core/network/${name}.js`))
const tab = {
  id: 'tab',
  type: 'tab',
  label: 'House',
  env: [{ name: 'TAB_WORD', value: 'of-the-tab', type: 'str' }]
}
/** As a user types it into a field. */
const variable = (name: string) => `\${${name}}`
const placeholder = '__PWRD__'

interface Told {
  readonly error: { readonly code: string; readonly message: string } | null
  readonly address: string | null
  readonly statusCode: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly items: number | null
  readonly updates: number
  readonly first: { readonly id: string | null; readonly time: number | null } | null
}

describe('trying a poll-source', () => {
  const sites: Site[] = []
  const site = async (...given: Parameters<typeof openSite>): Promise<Site> => {
    const opened = await openSite(...given)
    sites.push(opened)
    return opened
  }
  const source = (properties: object = {}) => ({
    id: 'n',
    z: 'tab',
    type: 'poll-source',
    target: 'url',
    trigger: 'input',
    stream: 's',
    wires: [[], []],
    ...properties
  })
  const load = (nodes: object[], credentials = {}) =>
    helper.load([deliveryOrigin, pollFeed, pollSource, ...core], [tab, ...nodes] as never, credentials)
  const ask = (body: unknown) => helper.request().post('/delivery/try/poll').send(body)
  const attempt = async (config: object, more: object = {}): Promise<Told> => {
    const { status, body } = await ask({ id: 'n', z: 'tab', config: { target: 'url', ...config }, ...more })
    assert.equal(status, 200, JSON.stringify(body))
    return body as Told
  }
  const audited = () =>
    helper
      .log()
      .args.map(([entry]) => entry as Readonly<Record<string, unknown>>)
      .filter(({ event }) => event === 'delivery.try')

  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(async () => {
    await helper.unload()
    await Promise.all(sites.splice(0).map(opened => opened.close()))
  })

  it('polls once with settings that nobody has saved', async () => {
    await load([])
    const list = [
      { id: 'b', at: 1_767_225_601 },
      { id: 'a', at: 1_767_225_600 }
    ]
    const { url, requests } = await site(json({ list }, { etag: '"1"' }))
    const told = await attempt({
      url: `${url}/quakes?x=1`,
      items: '$.list',
      itemsType: 'jsonata',
      idProperty: 'id',
      timeProperty: 'at',
      headers: [{ name: 'X-Mine', value: 'me' }]
    })
    assert.deepEqual(told.error, null)
    assert.deepEqual([told.address, told.statusCode, told.items, told.updates], [url, 200, 2, 2])
    assert.deepEqual([told.first?.id, told.first?.time], ['a', 1_767_225_600_000])
    assert.equal(told.headers.etag, '"1"')
    assert.deepEqual([requests.length, requests[0]?.url], [1, '/quakes?x=1'])
    assert.equal(requests[0]?.headers['x-mine'], 'me')
  })

  it('leaves a line in the audit log, without path, query or credentials', async () => {
    await load([])
    const { url } = await site(json({}))
    await attempt({ url: `${url}/path?key=k1`, authType: 'bearer' }, { credentials: { token: 'tok-123' } })
    const [line] = audited()
    assert.deepEqual(
      [line?.what, line?.id, line?.address, line?.error, line?.path],
      ['poll', 'n', url, null, '/delivery/try/poll']
    )
    assert.doesNotMatch(JSON.stringify(line), /k1|tok-123/)
  })

  it('an error in words, with its code', async () => {
    await load([])
    const closed = await site(json({}))
    await closed.close()
    const cases = [
      [{ url: closed.url }, 'REQUEST_FAILED'],
      [{ url: 'ftp://x' }, 'URL_INVALID'],
      [{ url: '' }, 'URL_INVALID'],
      [{ url: closed.url, timeoutMs: 'soon' }, 'CONFIG_INVALID'],
      [{ url: closed.url, idProperty: '$[', idPropertyType: 'jsonata' }, 'EXPRESSION_INVALID'],
      [{ url: closed.url, tls: 'not-yet' }, 'CONFIG_MISSING'],
      [{ target: 'feed', feed: 'not-yet' }, 'CONFIG_MISSING'],
      [{ url: closed.url, authType: 'header' }, 'CONFIG_INVALID']
    ] as const
    for (const [config, code] of cases) {
      const { error } = await attempt(config)
      assert.equal(error?.code, code, error?.message)
    }
    assert.match(
      (await attempt({ target: 'feed', feed: 'x' })).error?.message ?? '',
      /deploy, then try again/
    )
  })

  it('header values of every type but msg, which a try does not have', async () => {
    await load([source({ url: 'http://127.0.0.1:1' })])
    helper.getNode('n').context().flow.set('word', 'of-the-flow')
    helper.getNode('n').context().global.set('word', 'of-all')
    const { url, requests } = await site(json({}))
    const headers = [
      { name: 'a', value: 'TAB_WORD', valueType: 'env' },
      { name: 'b', value: 'word', valueType: 'flow' },
      { name: 'c', value: 'word', valueType: 'global' },
      { name: 'd', value: '$flowContext("word") & "!"', valueType: 'jsonata' }
    ]
    // as another node of the same tab, which is not deployed
    for (const id of ['n', 'new']) {
      const told = await attempt({ url, headers }, { id })
      assert.equal(told.error, null)
      const { a, b, c, d } = requests.at(-1)?.headers ?? {}
      assert.deepEqual([a, b, c, d], ['of-the-tab', 'of-the-flow', 'of-all', 'of-the-flow!'])
    }
    const late = [{ name: 'x', value: 'payload', valueType: 'msg' }]
    for (const trigger of ['interval', 'input']) {
      const { error } = await attempt({ url, headers: late, trigger })
      assert.equal(error?.code, 'CONFIG_INVALID')
    }
    assert.match((await attempt({ url, headers: late, trigger: 'input' })).error?.message ?? '', /no message/)
    assert.equal(requests.length, 2)
  })

  it('environment variables as at a deploy, and never what they hold', async () => {
    process.env.TRY_ADDRESS = 'nonsense-that-is-secret'
    process.env.TRY_TIMEOUT = 'hunter22'
    try {
      await load([source({ url: 'http://127.0.0.1:1' })])
      const wrong = await attempt({ url: variable('TRY_ADDRESS') })
      assert.equal(wrong.error?.code, 'URL_INVALID')
      assert.match(wrong.error?.message ?? '', /\$\{TRY_ADDRESS\}/)
      const late = await attempt({ url: 'http://127.0.0.1:1', timeoutMs: variable('TRY_TIMEOUT') })
      assert.doesNotMatch(JSON.stringify([wrong, late]), /secret|hunter22/)
      const { url, requests } = await site((_request, response) => response.writeHead(404).end())
      process.env.TRY_ADDRESS = `${url}/hooks/abcdef?key=ghijkl`
      const found = await attempt({ url: variable('TRY_ADDRESS') })
      assert.equal(requests[0]?.url, '/hooks/abcdef?key=ghijkl')
      assert.deepEqual([found.error?.code, found.address], ['HTTP_STATUS', url])
      assert.doesNotMatch(JSON.stringify(found), /abcdef|ghijkl/)
    } finally {
      delete process.env.TRY_ADDRESS
      delete process.env.TRY_TIMEOUT
    }
  })

  describe('with saved credentials', () => {
    const saved = { n: { username: 'ann', password: 'pass-word', token: 'tok-en' } }
    const basic = `Basic ${Buffer.from('ann:pass-word').toString('base64')}`

    it('sends them where the deployed node does', async () => {
      const { url, requests } = await site(json({}))
      await load([source({ url: `${url}/a`, authType: 'basic' })], saved)
      const asked = { credentials: { username: 'ann', password: placeholder } }
      assert.equal((await attempt({ url: `${url}/b`, authType: 'basic' }, asked)).error, null)
      assert.equal(requests[0]?.headers.authorization, basic)
      // absent is as saved, too
      assert.equal((await attempt({ url, authType: 'bearer' })).error, null)
      assert.equal(requests[1]?.headers.authorization, 'Bearer tok-en')
    })

    it('sends them to no other port, scheme or host: they must be typed again', async () => {
      const [home, other] = [await site(json({})), await site(json({}))]
      await load([source({ url: home.url, authType: 'basic' })], saved)
      const credentials = { username: 'ann', password: placeholder }
      for (const url of [
        other.url,
        home.url.replace('127.0.0.1', 'localhost'),
        home.url.replace('http:', 'https:')
      ]) {
        const told = await attempt({ url, authType: 'basic' }, { credentials })
        assert.equal(told.error?.code, 'CREDENTIALS_AGAIN', url)
        assert.doesNotMatch(JSON.stringify(told), /pass-word/)
      }
      assert.deepEqual([home.requests.length, other.requests.length], [0, 0])
      const typed = await attempt(
        { url: other.url, authType: 'basic' },
        { credentials: { username: 'ann', password: 'pass-word' } }
      )
      assert.equal(typed.error, null)
      assert.equal(other.requests[0]?.headers.authorization, basic)
      // what is not sent need not be typed
      assert.equal((await attempt({ url: other.url }, { credentials })).error, null)
    })

    it('sends them through no other TLS or proxy, and none for a node that has none', async () => {
      const home = await site(json({}))
      const tls = { id: 'x', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: false }
      const proxy = { id: 'p', type: 'http proxy', url: 'http://127.0.0.1:1', noproxy: [] }
      await load([source({ url: home.url, authType: 'basic' }), tls, proxy], saved)
      for (const config of [{ tls: 'x' }, { proxy: 'p' }])
        assert.equal(
          (await attempt({ url: home.url, authType: 'basic', ...config })).error?.code,
          'CREDENTIALS_AGAIN',
          JSON.stringify(config)
        )
      // another node cannot borrow them
      assert.equal((await attempt({ url: home.url, authType: 'basic' }, { id: 'other' })).error, null)
      assert.equal(home.requests[0]?.headers.authorization, `Basic ${Buffer.from(':').toString('base64')}`)
    })

    it('sends them to the feed that the deployed node polls, and to no other feed', async () => {
      const [home, other] = [await site(json({})), await site(json({}))]
      const feeds = [home, other].map(({ url }, index) => ({
        ...{ id: `feed${index}`, type: 'poll-feed', mode: 'external', url }
      }))
      const deployed = source({ target: 'feed', feed: 'feed0', authType: 'bearer' })
      await load([deployed, ...feeds], saved)
      const same = await attempt({ target: 'feed', feed: 'feed0', authType: 'bearer', stream: 'x' })
      // it is no feed of ours, but it was asked
      assert.equal(same.error?.code, 'BODY_INVALID')
      assert.equal(home.requests[0]?.headers.authorization, 'Bearer tok-en')
      const others = await attempt({ target: 'feed', feed: 'feed1', authType: 'bearer', stream: 'x' })
      assert.equal(others.error?.code, 'CREDENTIALS_AGAIN')
      assert.equal(other.requests.length, 0)
    })

    it('does not show them when the server echoes them', async () => {
      const { url } = await site((request, response) =>
        json(
          { id: `${request.headers.authorization} ${request.headers['x-key']}` },
          { etag: `"${request.headers.authorization}"` }
        )(request, response)
      )
      await load([source({ url, authType: 'basic' })], saved)
      const told = await attempt({
        url,
        authType: 'basic',
        idProperty: 'id',
        headers: [{ name: 'x-key', value: 'TAB_WORD', valueType: 'env' }]
      })
      assert.equal(told.first?.id, 'Basic ••• •••')
      assert.equal(told.headers.etag, '"Basic •••"')
    })

    it('a client’s certificate is one: it goes where the deployed node takes it', async () => {
      const { selfSigned } = deviceCertificates()
      const asked: boolean[] = []
      const secure = { ...selfSigned, requestCert: true, rejectUnauthorized: false }
      const home = await site((request, response) => {
        const socket = request.socket as unknown as { getPeerCertificate(): object }
        asked.push(Object.keys(socket.getPeerCertificate() ?? {}).length > 0)
        json({})(request, response)
      }, secure as never)
      const tls = { id: 'x', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: false }
      await load([source({ url: home.url, tls: 'x' }), tls], {
        x: { certdata: selfSigned.cert, keydata: selfSigned.key }
      })
      assert.equal((await attempt({ url: home.url, tls: 'x' })).error, null)
      assert.equal((await attempt({ url: home.url, tls: 'x' }, { id: 'other' })).error, null)
      assert.deepEqual(asked, [true, false])
    })
  })

  it('asks a deployed feed with the feed’s own token', async () => {
    const feed = { id: 'feed', type: 'poll-feed' }
    const origin = { id: 'o', z: 'tab', type: 'delivery-origin', broker: '', feed: 'feed', wires: [[]] }
    await load([feed, origin], { feed: { token: 'feed-token' } })
    await endsOf(helper.getNode('o'), { payload: 'a' })
    for (const read of ['latest', 'log']) {
      const told = await attempt({ target: 'feed', feed: 'feed', stream: 'updates', read })
      assert.equal(told.error, null)
      assert.equal(told.updates, 1)
      assert.match(told.first?.id ?? '', /-000000000001$/)
    }
    const unknown = await attempt({ target: 'feed', feed: 'feed', stream: 'nobody' })
    assert.deepEqual([unknown.error?.code, unknown.statusCode], ['HTTP_STATUS', 404])
  })

  it('says that a feed which nobody uses does not listen', async () => {
    await load([{ id: 'feed', type: 'poll-feed' }])
    const told = await attempt({ target: 'feed', feed: 'feed', stream: 'updates' })
    assert.equal(told.error?.code, 'SERVER_CLOSED')
    assert.match(told.error?.message ?? '', /no node uses/)
  })

  it('one at a time for each user, and the next one after it', async () => {
    await load([])
    let release = () => {}
    const slow = await site((_request, response) => {
      release = () => json({})(_request, response)
    })
    const first = attempt({ url: slow.url })
    await slow.asked(1)
    const second = await ask({ id: 'n', z: 'tab', config: { target: 'url', url: slow.url } })
    assert.equal(second.status, 429)
    assert.equal((second.body as { error: string }).error, 'TRY_BUSY')
    release()
    assert.equal((await first).error, null)
    const quick = await site(json({}))
    assert.equal((await attempt({ url: quick.url })).error, null)
  })

  it('gives up when the dialog has gone', async () => {
    await load([])
    const slow = await site(() => {})
    const { _httpAdmin: app } = helper as unknown as { _httpAdmin: RequestListener }
    const admin = await site(app)
    const leaving = new AbortController()
    const left = fetch(`${admin.url}/delivery/try/poll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'n', config: { target: 'url', url: slow.url } }),
      signal: leaving.signal
    })
    await slow.asked(1)
    const dropped = new Promise(resolve => slow.requests[0]?.socket.once('close', resolve))
    leaving.abort()
    await assert.rejects(left)
    await dropped
    await eventually(() => assert.equal(audited().at(-1)?.error, 'SERVER_CLOSED'))
  })

  it('takes JSON alone: a form of a foreign page cannot ask', async () => {
    await load([])
    const { url, requests } = await site(json({}))
    const form = await helper
      .request()
      .post('/delivery/try/poll')
      .set('content-type', 'application/x-www-form-urlencoded')
      .send(`config[target]=url&config[url]=${encodeURIComponent(url)}`)
    assert.equal(form.status, 400)
    for (const body of [{}, { config: [] }, { config: 'x' }, { config: {}, credentials: 'x' }])
      assert.equal((await ask(body)).status, 400)
    assert.equal(requests.length, 0)
  })
})
