import assert from 'node:assert/strict'
import type { Fault } from '../../../lib/metrics/records.js'
import deliveryFault from '../../../nodes/delivery-fault/delivery-fault.js'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import pushBroker from '../../../nodes/push-broker/push-broker.js'
import type { FeedNode } from '../../../nodes/shared/server-node.js'
import { endsOf, received, redHelper } from '../../helpers/red.js'

const helper = redHelper()
const tab = { id: 'tab', type: 'tab' }
const out = { id: 'out', z: 'tab', type: 'helper' }
const fault = (properties: object) => ({
  id: 'n',
  z: 'tab',
  type: 'delivery-fault',
  feed: 'feed',
  seconds: '0.3',
  wires: [['out']],
  ...properties
})
const load = (properties: object = {}, feed: object = {}) =>
  helper.load(
    [deliveryFault, pollFeed, pushBroker],
    [
      tab,
      out,
      fault(properties),
      { id: 'feed', type: 'poll-feed', ...feed },
      { id: 'broker', type: 'push-broker' }
    ]
  )
const post = (running: boolean) => helper.request().post('/delivery/fault/n').send({ running })
const reach = async () => {
  const [{ baseUrl }] = await helper.getNode<FeedNode>('feed').endpoints(AbortSignal.timeout(10_000))
  return fetch(baseUrl).then(
    ({ ok }) => ok,
    () => false
  )
}
const faultOf = (message: object | undefined) =>
  (message as { fault: Fault } | undefined)?.fault ?? assert.fail()

describe('delivery-fault', function () {
  this.timeout(20_000)
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('takes a server away, says so, brings it back, says so, and is done then', async () => {
    await load()
    assert.equal(await reach(), true)
    const messages = received('out')
    const ended = endsOf(helper.getNode('n'), { mine: 1, update: {} })
    const [went] = await messages.first(1)
    assert.equal(await reach(), false)
    const { from, ...started } = faultOf(went)
    assert.deepEqual(started, { fault: 'outage', target: 'feed', until: null })
    assert.deepEqual([went?.payload, went?.mine, went?.update], ['away', 1, undefined])
    assert.deepEqual(await ended, [undefined])
    const [, back] = await messages.first(2)
    assert.equal(faultOf(back).from, from)
    assert.ok((faultOf(back).until ?? 0) - from >= 295)
    assert.equal(await reach(), true)
  })

  it('refuses a second message meanwhile, and ends early when it is told to', async () => {
    await load({ seconds: '3600', broker: 'broker' })
    await reach()
    const messages = received('out')
    await post(true).expect(200)
    await messages.first(2)
    const again = await post(true)
    assert.deepEqual([again.status, (again.body as { error: string }).error], [400, 'FAULT_RUNNING'])
    const [refused] = await endsOf(helper.getNode('n'), {})
    assert.equal(refused?.code, 'FAULT_RUNNING')
    assert.deepEqual((await post(false)).body, { running: false, dueAt: null })
    const all = await messages.first(4)
    assert.deepEqual(all.map(message => faultOf(message).target).sort(), ['broker', 'broker', 'feed', 'feed'])
    assert.equal(await reach(), true)
  })

  it('cannot take an external server away', async () => {
    await load({}, { mode: 'external', url: 'http://127.0.0.1:9' })
    const [error] = await endsOf(helper.getNode('n'), {})
    assert.equal(error?.code, 'FAULT_EMBEDDED_ONLY')
  })
})
