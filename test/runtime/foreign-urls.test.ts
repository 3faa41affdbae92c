import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { openSite, type Site } from '../lib/poll/site.js'
import { type Caught, catcher, recorded, recorder } from './recorded.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const z = 'f0e0000000000000'
const hundredMB = 100 * 1024 * 1024
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end()

/** What a foreign server may do, and what a poll-source calls it. */
const badDays: Readonly<Record<string, readonly [answer: Answer, code: string]>> = {
  unauthorized: [status(401), 'HTTP_STATUS'],
  missing: [status(404), 'HTTP_STATUS'],
  busy: [status(429, { 'retry-after': '1' }), 'RETRY_AFTER'],
  broken: [status(500), 'HTTP_STATUS'],
  html: [
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>Sorry</html>'),
    'BODY_INVALID'
  ],
  announced: [
    (_request, response) => {
      response.on('error', () => undefined)
      response.writeHead(200, { 'content-length': String(hundredMB) }).write('x')
    },
    'BODY_TOO_LARGE'
  ],
  endless: [
    (_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x')
      let left = hundredMB
      const more = () => {
        for (; left > 0; left -= chunk.length) if (!response.write(chunk)) return
        response.end()
      }
      response.on('error', () => undefined).on('drain', more)
      more()
    },
    'BODY_TOO_LARGE'
  ],
  never: [() => undefined, 'TIMEOUT'],
  stalled: [
    (_request, response) => {
      response.on('error', () => undefined)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '10' }).write('[')
    },
    'TIMEOUT'
  ],
  loop: [
    (request, response) => status(302, { location: request.url ?? '' })(request, response),
    'TOO_MANY_REDIRECTS'
  ]
}
const names = Object.keys(badDays)
/** An id must not be the value of any property: Node-RED would take that for a reference. */
const idOf = (name: string) => `poll-${name}`
const source = (name: string, url: string): FlowNode => ({
  id: idOf(name),
  type: 'poll-source',
  z,
  target: 'url',
  url,
  stream: `foreign/${name}`,
  trigger: 'input',
  timeoutMs: '2000',
  wires: [['kept-topics'], []]
})
const button = (name: string): FlowNode => ({
  id: `ask-${name}`,
  type: 'inject',
  z,
  props: [],
  wires: [[idOf(name)]]
})

describe('poll-sources of foreign URLs on a bad day', function () {
  this.timeout(60_000)
  let red: NodeRed
  let site: Site
  let silent: ReturnType<typeof createServer>
  const silentSockets = new Set<Socket>()
  let healed = false

  const sources = () => [
    ...names.map(name => source(name, `${site.url}/${name}`)),
    source('deaf', `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`)
  ]
  const flows = (): FlowNode[] => [
    { id: z, type: 'tab', label: 'Foreign' },
    ...sources(),
    ...[...names, 'deaf', 'own', 'own-missing'].map(button),
    { ...source('healthy', `${site.url}/healthy`), trigger: 'interval', intervalMs: '50', emit: 'every' },
    source('own', '/figures'),
    source('own-missing', '/nothing'),
    { id: 'served', type: 'http in', z, url: '/figures', method: 'get', wires: [['answer']] },
    {
      id: 'answer',
      type: 'change',
      z,
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '{"a":1}', tot: 'json' }],
      wires: [['respond']]
    },
    { id: 'respond', type: 'http response', z, statusCode: '', headers: {}, wires: [] },
    recorder(z, 'kept-topics', 'received', 'msg.topic'),
    {
      id: 'done-ids',
      type: 'complete',
      z,
      scope: [...names, 'deaf', 'own'].map(idOf),
      wires: [['kept-ends']]
    },
    recorder(z, 'kept-ends', 'completed', '1'),
    ...catcher(z, 'errors')
  ]
  const caughtOf = async (name: string) =>
    (await recorded<Caught>(red, 'errors'))
      .filter(({ source: from }) => from === idOf(name))
      .map(({ code }) => code)
  const receivedOf = async (name: string) =>
    (await recorded<string>(red, 'received')).filter(topic => topic === `foreign/${name}`).length

  before('start', async () => {
    site = await openSite((request, response) => {
      const [answer] = badDays[(request.url ?? '').slice(1)] ?? []
      if (answer && !healed) answer(request, response)
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"fine":true}')
    })
    silent = createServer(socket => {
      silentSockets.add(socket)
      socket.on('error', () => undefined).resume()
    }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const settings = { httpNodeRoot: '/api', httpAdminRoot: '/admin' }
    red = await NodeRed.start({ flows: flows(), settings })
  })
  after(async () => {
    await red?.close()
    await site?.close()
    for (const socket of silentSockets) socket.destroy()
    silent?.close()
  })

  it('say what is wrong at Catch, once for each message, and in the status; others go on', async () => {
    const asked = [...names, 'deaf']
    for (const name of asked) await red.post(`/inject/ask-${name}`)
    for (const name of asked) {
      const code = name === 'deaf' ? 'TIMEOUT' : badDays[name]?.[1]
      await eventually(async () => assert.deepEqual(await caughtOf(name), [code], name))
      const shown = await eventually(() => {
        const now = red.statuses.get(idOf(name))
        assert.ok(now?.fill === 'red' || now?.fill === 'yellow', `${name}: ${now?.fill} ${now?.text}`)
        return now
      })
      assert.ok((shown.text ?? '').length > 0 && (shown.text ?? '').length <= 20)
    }
    const messageOf = async (name: string) =>
      (await recorded<Caught>(red, 'errors')).find(({ source: from }) => from === idOf(name))?.message ?? ''
    // one limit for the whole poll, and the message says what it waited for; a connection has a limit of its own, too
    assert.match(await messageOf('never'), /within 2000 ms .* no headers/)
    assert.match(await messageOf('stalled'), /within 2000 ms .* not the whole body/)
    assert.match(await messageOf('deaf'), /a connection of 127\.0\.0\.1|within 2000 ms .* no connection/)
    assert.deepEqual(await recorded(red, 'completed'), [])
    const before = await receivedOf('healthy')
    await eventually(async () => assert.ok((await receivedOf('healthy')) > before))
    assert.ok((await red.diagnose()).rssBytes < 1024 ** 3)
  })

  it('go on when the cause is gone', async () => {
    healed = true
    for (const name of names)
      await eventually(async () => {
        // asked too soon after a 429 it says so once more
        if (name === 'busy' || (await receivedOf(name)) === 0) await red.post(`/inject/ask-${name}`)
        await eventually(async () => assert.ok((await receivedOf(name)) > 0), 1000)
        assert.equal(red.statuses.get(idOf(name))?.fill, 'green')
      })
  })

  it('ask this Node-RED itself for a path, below its httpNodeRoot', async () => {
    await red.post('/inject/ask-own')
    await eventually(async () => assert.equal(await receivedOf('own'), 1))
    await red.post('/inject/ask-own-missing')
    await eventually(async () => assert.deepEqual(await caughtOf('own-missing'), ['HTTP_STATUS']))
  })
})
