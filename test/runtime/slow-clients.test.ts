import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { closeParties, connectPacket, type RawClient, rawClient } from '../lib/broker/parties.js'
import { type Bystanders, bystanders } from './bystanders.js'
import { comparison, ids } from './comparison.js'
import { describeServer, serverUrl } from './outside-readers.js'

const z = 'c0a0000000000000'
/** More than kernel and broker keep for one client, less than a session or the feed's history may keep. */
const bulkUpdates = 280
const bulk = [
  {
    id: 'bulk-work',
    type: 'delivery-workload',
    z,
    autostart: false,
    arrivals: 'periodic',
    rate: '100',
    limit: String(bulkUpdates),
    payloadBytes: '50000',
    wires: [['bulk-origin']]
  },
  {
    id: 'bulk-origin',
    type: 'delivery-origin',
    z,
    broker: ids.broker,
    feed: ids.feed,
    stream: 'bulk',
    qos: '1',
    wires: [[]]
  }
]

describe('clients that are slow on purpose, of a running Node-RED', function () {
  this.timeout(120_000)
  let red: NodeRed
  let others: Bystanders
  let feedPort: number
  const loris: { readonly ended: Promise<unknown> }[] = []
  const sockets: Socket[] = []

  const dial = async (port: number): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    sockets.push(socket)
    return socket
  }
  const port = async (server: string) => Number(new URL(await serverUrl(red, server)).port)
  const limits = async (server: string) => (await describeServer(red, server)).limits
  const publishes = ({ packets }: RawClient) =>
    packets.flatMap(packet => (packet.cmd === 'publish' ? [packet] : []))

  async function subscriber(clientId: string, qos: 0 | 1): Promise<RawClient> {
    const client = rawClient(await dial(await port(ids.broker)))
    client.send(connectPacket({ clientId, clean: qos === 0 }))
    await client.next('connack')
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'bulk', qos }] })
    await client.next('suback')
    return client
  }

  before('start, and connect those who send their request a byte at a time', async () => {
    red = await NodeRed.start({
      flows: [...comparison({ read: 'log', rate: 50, intervalMs: 100 }), ...bulk]
    })
    others = await bystanders(red)
    await others.unharmed()
    feedPort = await port(ids.feed)
    for (const first of ['', 'G', 'GET /latest/updates HTTP/1.1\r\nHost: localhost\r\n']) {
      const socket = await dial(feedPort)
      if (first) socket.write(first)
      const dripping = first.length > 1 ? setInterval(() => socket.write('X'), 200) : undefined
      loris.push({ ended: once(socket.resume(), 'close').finally(() => clearInterval(dripping)) })
    }
  })
  after(async () => {
    await others?.close()
    for (const socket of sockets) socket.destroy()
    await closeParties()
    await red?.close()
  })

  it('subscribers that stop reading: limited and counted, nothing lost uncounted, nobody else harmed', async () => {
    const unsure = await subscriber('unsure', 0)
    const owed = await subscriber('owed', 1)
    for (const { stream } of [unsure, owed]) stream.pause()
    await red.post('/delivery/workload/bulk-work', { running: true })
    await eventually(async () => {
      const { totals } = await describeServer(red, ids.feed)
      assert.ok((totals?.updates ?? 0) >= bulkUpdates)
      const { clientBufferBytes = 0, slowClient } = await limits(ids.broker)
      assert.ok(clientBufferBytes > 0)
      assert.equal(slowClient, 1)
    }, 30_000)
    await others.unharmed()

    // at QoS 0 it gets what was not dropped, once it reads again
    unsure.stream.resume()
    await eventually(async () => {
      const { clientBufferBytes = 0 } = await limits(ids.broker)
      assert.equal(publishes(unsure).length + clientBufferBytes, bulkUpdates)
    })
    // at QoS 1 it was cut off; whenever it comes back it gets more, until it has everything
    const told = new Set<string>()
    let owing = owed
    const comeBack = async () => {
      owing = rawClient(await dial(await port(ids.broker)))
      let acknowledged = 0
      owing.stream.on('data', () => {
        for (const { messageId, payload } of publishes(owing).slice(acknowledged)) {
          acknowledged++
          told.add(JSON.parse(String(payload)).id)
          owing.send({ cmd: 'puback', messageId: messageId ?? 0 })
        }
      })
      owing.send(connectPacket({ clientId: 'owed', clean: false }))
    }
    owed.end()
    await eventually(async () => {
      if (owing.closed) await comeBack()
      assert.equal(told.size, bulkUpdates)
    }, 60_000)
  })

  it('readers of the feed that do not take their answers: dropped and counted, nobody else harmed', async () => {
    const socket = await dial(feedPort)
    const gone = once(socket.pause(), 'close')
    const request = 'GET /feeds/bulk?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n'
    socket.write(request.repeat(6))
    await eventually(async () => {
      const { limits: bitten, totals } = await describeServer(red, ids.feed)
      assert.equal(bitten.waitingBytes, 1)
      assert.equal(totals?.dropped, 1)
    })
    socket.resume()
    await gone
    await others.unharmed()
  })

  it('requests that trickle in, or never come: ended within their limit and counted, nobody else harmed', async () => {
    await Promise.all(loris.map(({ ended }) => ended))
    await eventually(async () => assert.equal((await limits(ids.feed)).headerMs, loris.length))
    await others.unharmed()
  })

  it('after all of them every update has reached everybody else', async () => {
    await others.complete()
    assert.doesNotMatch(red.output, /Uncaught|TypeError|RangeError/)
  })
})
