import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { connectAsync, type MqttClient } from 'mqtt'
import { parseUpdateId } from '../../../lib/update/identity.js'
import deliveryOrigin from '../../../nodes/delivery-origin/delivery-origin.js'
import deliveryWorkload from '../../../nodes/delivery-workload/delivery-workload.js'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import pushBroker from '../../../nodes/push-broker/push-broker.js'
import type { BrokerNode, FeedNode } from '../../../nodes/shared/server-node.js'
import { endsOf, received, redHelper } from '../../helpers/red.js'

const helper = redHelper()
const tab = { id: 'tab', type: 'tab' }
const out = { id: 'out', z: 'tab', type: 'helper' }
const origin = {
  id: 'n',
  z: 'tab',
  type: 'delivery-origin',
  broker: 'broker',
  feed: 'feed',
  qos: '1',
  wires: [['out']]
}
const load = (...flow: Record<string, unknown>[]) =>
  helper.load([deliveryOrigin, deliveryWorkload, pollFeed, pushBroker], [tab, out, ...flow])
const soon = () => AbortSignal.timeout(10_000)
const feedUrl = async () => (await helper.getNode<FeedNode>('feed').endpoints(soon()))[0].baseUrl

/** A subscriber of everything, and what it gets. */
async function subscriber(): Promise<{ client: MqttClient; payloads: Buffer[]; arrivals: EventEmitter }> {
  const [{ url }] = await helper.getNode<BrokerNode>('broker').endpoints(soon())
  const client = await connectAsync(url, { reconnectPeriod: 0 })
  const payloads: Buffer[] = []
  const arrivals = new EventEmitter()
  client.on('message', (_topic, payload) => {
    payloads.push(payload)
    arrivals.emit('one')
  })
  await client.subscribeAsync('#', { qos: 1 })
  return { client, payloads, arrivals }
}

describe('delivery-origin with both real servers', () => {
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('an update is the same bytes by MQTT and by HTTP', async () => {
    await load(origin, { id: 'broker', type: 'push-broker' }, { id: 'feed', type: 'poll-feed' })
    const { client, payloads, arrivals } = await subscriber()
    try {
      const pushed = once(arrivals, 'one')
      assert.deepEqual(await endsOf(helper.getNode('n'), { payload: { a: 'ä' }, topic: 'x' }), [undefined])
      await pushed
      const pulled = await fetch(`${await feedUrl()}/latest/updates`)
      assert.deepEqual(payloads[0], Buffer.from(await pulled.arrayBuffer()))
    } finally {
      await client.endAsync(true)
    }
  })

  it('what is over the packet limit of the broker reaches neither', async () => {
    await load(
      origin,
      { id: 'broker', type: 'push-broker', maxPacketBytes: '2000' },
      { id: 'feed', type: 'poll-feed' }
    )
    const [error] = await endsOf(helper.getNode('n'), { payload: 'x'.repeat(2000) })
    assert.equal(error?.code, 'PAYLOAD_TOO_LARGE')
    assert.deepEqual(await endsOf(helper.getNode('n'), { payload: 'x' }), [undefined])
    const log = (await (await fetch(`${await feedUrl()}/feeds/updates`)).json()) as { id: string }[]
    assert.deepEqual(
      log.map(({ id }) => parseUpdateId(id)?.sequence),
      [1]
    )
  })

  it('a server that failed for good fails every hand-over with its code, and the other one goes on', async () => {
    await load(
      origin,
      { id: 'broker', type: 'push-broker', name: 'open to all', host: '0.0.0.0' },
      { id: 'feed', type: 'poll-feed' }
    )
    const passed = received('out')
    for (const payload of [1, 2]) {
      const [error, ...more] = await endsOf(helper.getNode('n'), { payload })
      assert.equal(error?.code, 'CREDENTIALS_REQUIRED')
      assert.match(error?.message ?? '', /^open to all did not take/)
      assert.equal(more.length, 0)
    }
    await passed.first(2)
    const log = (await (await fetch(`${await feedUrl()}/feeds/updates`)).json()) as { id: string }[]
    assert.deepEqual(
      log.map(({ id }) => parseUpdateId(id)?.sequence),
      [1, 2]
    )
  })

  it('5000 updates in one turn all arrive, in order, by both', async () => {
    const burst = { arrivals: 'bursts', burstSize: '5000', rate: '100000', limit: '5000' }
    await load(
      { id: 'w', z: 'tab', type: 'delivery-workload', autostart: false, ...burst, wires: [['n']] },
      origin,
      { id: 'broker', type: 'push-broker' },
      { id: 'feed', type: 'poll-feed', history: '5000' }
    )
    const passed = received('out')
    const { client, payloads, arrivals } = await subscriber()
    try {
      helper.getNode('w').receive({ running: true } as never)
      await passed.first(5000)
      while (payloads.length < 5000) await once(arrivals, 'one')
      const sequences = (events: { id: string }[]) => events.map(({ id }) => parseUpdateId(id)?.sequence)
      const expected = Array.from({ length: 5000 }, (_, k) => k + 1)
      assert.deepEqual(sequences(payloads.map(payload => JSON.parse(payload.toString()))), expected)
      const log: { id: string }[] = []
      for (let cursor = ''; log.length < 5000; ) {
        const page = await fetch(`${await feedUrl()}/feeds/updates?limit=1000&lastEventId=${cursor}`)
        const events = (await page.json()) as { id: string }[]
        if (events.length === 0) break
        log.push(...events)
        cursor = events.at(-1)?.id ?? ''
      }
      assert.deepEqual(sequences(log), expected)
    } finally {
      await client.endAsync(true)
    }
  })

  it('updates made before the servers listen wait for them: the log begins at sequence 1', async () => {
    const periodic = { arrivals: 'periodic', rate: '200', limit: '10' }
    await load(
      { id: 'w', z: 'tab', type: 'delivery-workload', ...periodic, wires: [['n']] },
      origin,
      { id: 'broker', type: 'push-broker' },
      { id: 'feed', type: 'poll-feed' }
    )
    await received('out').first(10)
    const log = (await (await fetch(`${await feedUrl()}/feeds/updates`)).json()) as { id: string }[]
    assert.equal(parseUpdateId(log[0]?.id ?? '')?.sequence, 1)
  })
})
