import assert from 'node:assert/strict'
import { Agent, type buildConnector, request } from 'undici'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import { deviceCertificates } from '../shared/certificates.js'
import { ServerHarness } from '../shared/server-harness.js'

describe('poll-feed', () => {
  const red = new ServerHarness(pollFeed)
  before(() => red.open())
  after(() => red.close())
  afterEach(() => red.unload())

  const tab = { id: 't', type: 'tab', label: 'House' }
  const feed = (properties: Record<string, unknown> = {}) => ({ id: 'f', type: 'poll-feed', ...properties })
  const user = { id: 'u', z: 't', x: 1, y: 1, type: 'test-user', server: 'f', stream: 's', wires: [] }
  const endpoint = async () => (await red.server('f').endpoints(new AbortController().signal))[0]

  it('is read by our own clients with its token and by its own certificate', async () => {
    const { selfSigned } = deviceCertificates()
    const tls = { id: 'x', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: true }
    await red.load([tab, feed({ host: '0.0.0.0', tls: 'x' }), user, tls], {
      f: { token: 'secret' },
      x: { certdata: selfSigned.cert, keydata: selfSigned.key }
    })
    await red.user('u').handOver(21)
    const { baseUrl, token, tls: trust } = await endpoint()
    const agent = new Agent({ connect: trust as buildConnector.BuildOptions })
    try {
      const { statusCode, body } = await request(`${baseUrl}/latest/s`, {
        dispatcher: agent,
        headers: { authorization: `Bearer ${token}` }
      })
      assert.equal(statusCode, 200)
      assert.equal(((await body.json()) as { data: unknown }).data, 21)
      await assert.rejects(request(`${baseUrl}/latest/s`, { dispatcher: new Agent() }))
    } finally {
      await agent.destroy()
    }
    assert(!JSON.stringify(await red.describe('f')).includes('secret'))
  })

  it('keeps as many updates as it is told', async () => {
    await red.load([tab, feed({ history: '2' }), user])
    for (const value of [1, 2, 3]) await red.user('u').handOver(value)
    const { baseUrl } = await endpoint()
    const log = (await (await fetch(`${baseUrl}/feeds/s`)).json()) as { data: unknown }[]
    assert.deepEqual(
      log.map(({ data }) => data),
      [2, 3]
    )
  })

  it('reads a feed somewhere else by its base address, and hands nothing to it', async () => {
    await red.load([tab, feed({ mode: 'external', url: 'https://feed.example/house/' }), user], {
      f: { token: 'secret' }
    })
    const server = red.server('f')
    assert.deepEqual(await endpoint(), { baseUrl: 'https://feed.example/house', token: 'secret' })
    assert.deepEqual([server.embedded, server.readOnly, server.server()], [false, true, null])
    await assert.rejects(red.user('u').handOver(1), { code: 'FEED_READ_ONLY' })
    assert.equal(red.threads.length, 0)
  })

  it('refuses addresses that are none, and user names in them', async () => {
    await red.load([tab])
    for (const [url, message] of [
      ['', /http:\/\/ or https:\/\//],
      ['feed.example', /found "feed.example"/],
      ['mqtt://feed.example', /http:\/\/ or https:\/\//],
      ['https://me:secret@feed.example', /for feed.example$/]
    ] as const) {
      await red.deploy([tab, feed({ mode: 'external', url }), user])
      const state = red.server('f').state()
      assert(state.kind === 'failed')
      assert.equal(state.error.code, 'URL_INVALID')
      assert.match(state.error.message, message)
    }
  })
})
