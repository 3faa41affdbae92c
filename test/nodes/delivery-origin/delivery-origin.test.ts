import assert from 'node:assert/strict'
import { once } from 'node:events'
import { DeliveryError } from '../../../lib/errors.js'
import { decodeUpdate } from '../../../lib/update/cloudevents.js'
import type { Update } from '../../../lib/update/update.js'
import deliveryOrigin from '../../../nodes/delivery-origin/delivery-origin.js'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import type { FeedNode } from '../../../nodes/shared/server-node.js'
import { endsOf, received, redHelper } from '../../helpers/red.js'
import { type UnreliableBroker, unreliableBroker } from './unreliable-broker.js'

const helper = redHelper()
const tab = { id: 'tab', type: 'tab', label: 'House' }
const out = { id: 'out', z: 'tab', type: 'helper' }
const feed = { id: 'feed', type: 'poll-feed' }
const broker = { id: 'broker', type: 'push-broker' }
const origin = (properties: object = {}, id = 'n') => ({
  id,
  z: 'tab',
  type: 'delivery-origin',
  wires: [['out']],
  broker: '',
  feed: 'feed',
  ...properties
})
type Stamped = Record<string, unknown> & { readonly update: Update }

const load = (...flow: Record<string, unknown>[]) =>
  helper.load([deliveryOrigin, pollFeed, unreliableBroker], [tab, out, ...flow])
const brokerNode = () => helper.getNode<UnreliableBroker>('broker')
const stamped = async (count: number, passed = received('out')) =>
  (await passed.first(count)) as unknown as Stamped[]

/** What the real feed serves under a path. */
async function fetched(path: string): Promise<Response> {
  const [{ baseUrl }] = await helper.getNode<FeedNode>('feed').endpoints(AbortSignal.timeout(10_000))
  return fetch(baseUrl + path)
}

describe('delivery-origin', () => {
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('stamps each message from 1 and passes it on with the stamp', async () => {
    await load(origin(), feed)
    const node = helper.getNode('n')
    const passed = received('out')
    const before = Date.now()
    const message = { topic: 'sensor', mine: 1, dueAt: 5.5, speed: 3 }
    const stale = { update: 'stale', delivery: 1, exchange: 2, fleet: 3 }
    for (const payload of ['a', 'b'])
      assert.deepEqual(await endsOf(node, { ...message, ...stale, payload }), [undefined])
    const [first, second] = await stamped(2, passed)
    assert.ok(first && second)
    const { epoch, generatedAt } = first.update
    assert.match(epoch, /^[0-9a-z]{15}$/)
    assert.ok(Math.abs(generatedAt - before) < 10_000)
    const { _msgid, ...rest } = first
    assert.deepEqual(rest, {
      ...message,
      payload: 'a',
      topic: 'updates',
      update: {
        stream: 'updates',
        origin: 'n',
        id: `${epoch}-000000000001`,
        epoch,
        sequence: 1,
        generatedAt,
        dueAt: 5.5,
        speed: 3
      }
    })
    assert.deepEqual([second.update.sequence, second.update.epoch], [2, epoch])
  })

  it('the real feed serves what it stamped, from sequence 1, with the topic as subject', async () => {
    await load(origin({ stream: 'house/kitchen' }), feed)
    const node = helper.getNode('n')
    for (const n of [1, 2]) node.receive({ payload: { n }, topic: 'oven' })
    await endsOf(node, { payload: { n: 3 }, topic: 'oven' })
    const log = (await (await fetched('/feeds/house/kitchen')).json()) as { subject?: string }[]
    assert.deepEqual(
      log.map(event => [decodeUpdate(event)?.sequence, decodeUpdate(event)?.data, event.subject]),
      [1, 2, 3].map(n => [n, { n }, 'oven'])
    )
  })

  it('hands the same bytes to both servers', async () => {
    await load(origin({ broker: 'broker', qos: '1', retain: true }), feed, broker)
    await endsOf(helper.getNode('n'), { payload: Buffer.from([0, 255]), topic: 'updates' })
    const [pushed] = brokerNode().handed
    assert.ok(pushed)
    const latest = Buffer.from(await (await fetched('/latest/updates')).arrayBuffer())
    assert.deepEqual(latest, Buffer.from(pushed.handed.body))
    const event = JSON.parse(latest.toString())
    assert.equal(event.data_base64, 'AP8=')
    assert.equal('subject' in event, false)
    assert.deepEqual([pushed.handed.qos, pushed.handed.retain], [1, true])
  })

  it('is done only when both have accepted, but its output leaves at once', async () => {
    await load(origin({ broker: 'broker' }), feed, broker)
    let letGo = () => {}
    brokerNode().hold = new Promise(resolve => {
      letGo = resolve
    })
    let done = false
    const passed = received('out')
    const ends = endsOf(helper.getNode('n'), { payload: 1 }).then(errors => {
      done = true
      return errors
    })
    await passed.first(1)
    await fetched('/latest/updates')
    assert.equal(done, false)
    letGo()
    assert.deepEqual(await ends, [undefined])
  })

  it('its output leaves before either server has the update', async () => {
    await load(origin({ broker: 'broker' }), feed, broker)
    const order: string[] = []
    const node = helper.getNode('n')
    for (const server of [brokerNode(), helper.getNode<FeedNode>('feed')]) {
      const handOver = server.handOver.bind(server)
      server.handOver = (update, handed) => {
        order.push('handed over')
        return handOver(update, handed)
      }
    }
    const send = node.send.bind(node)
    node.send = messages => {
      order.push('sent')
      send(messages)
    }
    await endsOf(node, { payload: 1 })
    assert.deepEqual(order, ['sent', 'handed over', 'handed over'])
  })

  it('a failed hand-over keeps its number, is said once with its code, and the next one is fine', async () => {
    await load(origin({ broker: 'broker' }), feed, broker)
    const node = helper.getNode('n')
    brokerNode().fail = new DeliveryError('QUEUE_FULL', 'Expected room, found none')
    const [error, ...more] = await endsOf(node, { payload: 1 })
    assert.equal(error?.code, 'QUEUE_FULL')
    assert.match(error?.message ?? '', /push-broker broker did not take .*-000000000001: Expected room/)
    assert.equal(more.length, 0)
    brokerNode().fail = null
    assert.deepEqual(await endsOf(node, { payload: 2 }), [undefined])
    assert.equal(brokerNode().handed.at(-1)?.update.sequence, 2)
    // the other server has both
    assert.equal(((await (await fetched('/feeds/updates')).json()) as []).length, 2)
  })

  for (const [what, payload, code] of [
    ['that JSON cannot carry', { f: () => {} }, 'PAYLOAD_INVALID'],
    ['that is missing', undefined, 'PAYLOAD_INVALID'],
    ['over the packet limit', 'x'.repeat(1000), 'PAYLOAD_TOO_LARGE']
  ] as const)
    it(`a payload ${what} is refused before both servers and uses no number up`, async () => {
      await load(origin({ broker: 'broker' }), feed, broker)
      const node = helper.getNode('n')
      const passed = received('out')
      const [error] = await endsOf(node, { payload })
      assert.equal(error?.code, code)
      assert.equal(brokerNode().handed.length, 0)
      assert.equal((await fetched('/latest/updates')).status, 204)
      await endsOf(node, { payload: 'fine' })
      const [message] = await stamped(1, passed)
      assert.equal(message?.update.sequence, 1)
    })

  it('dueAt and speed that are no numbers are unknown', async () => {
    await load(origin(), feed)
    const passed = received('out')
    await endsOf(helper.getNode('n'), { payload: 1, dueAt: 'soon', speed: Number.NaN })
    await endsOf(helper.getNode('n'), { payload: 1, speed: -1 })
    for (const { update } of await stamped(2, passed))
      assert.deepEqual([update.dueAt, update.speed], [null, null])
  })

  it('with an empty stream each topic is a stream with numbers of its own', async () => {
    await load(origin({ stream: '' }), feed)
    const node = helper.getNode('n')
    const passed = received('out')
    for (const topic of ['a', 'a', 'b/c']) await endsOf(node, { payload: 1, topic })
    assert.deepEqual(
      (await stamped(3, passed)).map(({ topic, update }) => [topic, update.stream, update.sequence]),
      [
        ['a', 'a', 1],
        ['a', 'a', 2],
        ['b/c', 'b/c', 1]
      ]
    )
    assert.deepEqual(await (await fetched('/')).json(), ['a', 'b/c'])
    for (const topic of [undefined, '', 'a/+', 5, '$x']) {
      const [error] = await endsOf(node, { payload: 1, topic })
      assert.equal(error?.code, 'STREAM_MISSING', String(topic))
    }
  })

  it('takes at most 1000 streams', async () => {
    await load(origin({ stream: '', feed: '', broker: 'broker' }), broker)
    const node = helper.getNode('n')
    for (let k = 1; k <= 1000; k += 1) node.receive({ payload: k, topic: `s${k}` })
    const [error] = await endsOf(node, { payload: 1, topic: 'one more' })
    assert.equal(error?.code, 'STREAM_LIMIT')
    assert.equal(brokerNode().declared.length, 1000)
    assert.deepEqual(await endsOf(node, { payload: 1, topic: 's7' }), [undefined])
  })

  it('a second origin on the same stream is refused, naming the first and its tab', async () => {
    await load(origin({ name: 'thermometer' }), origin({}, 'second'), feed)
    const [error] = await endsOf(helper.getNode('second'), { payload: 1 })
    assert.equal(error?.code, 'STREAM_TAKEN')
    assert.match(error?.message ?? '', /thermometer.*House/)
    assert.deepEqual(await endsOf(helper.getNode('n'), { payload: 1 }), [undefined])
  })

  it('takes the stream over once the first origin is deleted, without being deployed itself', async () => {
    await load(origin(), origin({}, 'second'), feed)
    assert.equal((await endsOf(helper.getNode('second'), { payload: 1 }))[0]?.code, 'STREAM_TAKEN')
    await helper.setFlows([tab, out, origin({}, 'second'), feed], 'nodes')
    assert.deepEqual(await endsOf(helper.getNode('second'), { payload: 1 }), [undefined])
  })

  it('takes the stream over by itself: it need not be sent anything', async () => {
    await load(origin(), origin({ name: 'heir' }, 'second'), feed)
    await helper.setFlows([tab, out, origin({ name: 'heir' }, 'second'), feed], 'nodes')
    assert.throws(() => helper.getNode<FeedNode>('feed').claim('updates', helper.getNode('out')), {
      code: 'STREAM_TAKEN',
      message: /heir/
    })
  })

  it('half a claim is given back: a stream taken at one server is not kept at the other', async () => {
    await load(
      origin({}, 'a'),
      origin({ broker: 'broker' }, 'refused'),
      origin({ broker: 'broker', feed: '' }, 'b'),
      feed,
      broker
    )
    assert.equal((await endsOf(helper.getNode('refused'), { payload: 1 }))[0]?.code, 'STREAM_TAKEN')
    for (const id of ['a', 'b'])
      assert.deepEqual(await endsOf(helper.getNode(id), { payload: 1 }), [undefined])
  })

  it('a redeployed origin is a new start: a later epoch, sequence 1', async () => {
    await load(origin(), feed)
    const passed = received('out')
    await endsOf(helper.getNode('n'), { payload: 1 })
    await helper.setFlows([tab, out, origin({ name: 'renamed' }), feed], 'nodes')
    await endsOf(helper.getNode('n'), { payload: 2 })
    const [first, second] = await stamped(2, passed)
    assert.ok(first && second && first.update.epoch < second.update.epoch)
    assert.equal(second.update.sequence, 1)
  })

  for (const [what, properties, code] of [
    ['no server at all', { feed: '' }, 'CONFIG_MISSING'],
    ['a server that does not exist', { feed: 'gone' }, 'CONFIG_MISSING'],
    ['a server of the wrong kind', { feed: '', broker: 'feed' }, 'CONFIG_MISSING'],
    ['an external feed', { feed: 'elsewhere' }, 'FEED_READ_ONLY'],
    ['a stream name that is none', { stream: 'a//b' }, 'STREAM_INVALID'],
    ['a wrong QoS', { qos: '3' }, 'CONFIG_INVALID']
  ] as const)
    it(`with ${what} it says so and answers every message with ${code}`, async () => {
      const elsewhere = { id: 'elsewhere', type: 'poll-feed', mode: 'external', url: 'http://127.0.0.1:1/' }
      await load(origin(properties), feed, elsewhere)
      const node = helper.getNode('n')
      const [call] = (await once(node, 'call:error')) as [{ args: [DeliveryError] }]
      assert.equal(call.args[0].code, code)
      assert.equal((await endsOf(node, { payload: 1 }))[0]?.code, code)
    })
})
