import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { startBroker } from '../../../lib/broker/broker.js'
import {
  afterTest,
  BROKER,
  closeParties,
  connected,
  openBroker,
  rawClient,
  subscribed,
  tcp,
  update
} from './parties.js'

async function takenPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTest(() => new Promise(resolve => server.close(resolve)))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return address.port
}

describe('a broker that starts', () => {
  afterEach(closeParties)

  it('on a port in use says which and what to do, and works once it is free', async () => {
    const first = await openBroker()
    const { port } = first.address
    await assert.rejects(
      startBroker({ ...BROKER, port }, () => {}),
      { code: 'PORT_IN_USE', message: new RegExp(`port ${port} of 127\\.0\\.0\\.1.*choose another port`) }
    )
    await first.close()
    await connected(await openBroker({ port }))
  })

  it('on a WebSocket port in use gives its other port back', async () => {
    const wsPort = await takenPort()
    const probe = await openBroker()
    const { port } = probe.address
    await probe.close()
    await assert.rejects(
      startBroker({ ...BROKER, port, wsPort }, () => {}),
      { code: 'PORT_IN_USE', message: new RegExp(`port ${wsPort} `) }
    )
    await openBroker({ port })
  })

  it('on an address that is not of this machine fails with LISTEN_FAILED', async () => {
    for (const host of ['192.0.2.1', 'no-such-host.invalid'])
      await assert.rejects(
        startBroker({ ...BROKER, host, anonymous: true }, () => {}),
        { code: 'LISTEN_FAILED' }
      )
  })

  it('off loopback listens only with credentials or when told to let everybody in', async () => {
    await assert.rejects(
      startBroker({ ...BROKER, host: '0.0.0.0' }, () => {}),
      { code: 'CREDENTIALS_REQUIRED' }
    )
    await openBroker({ host: '0.0.0.0', username: 'me', password: 'secret' })
    await openBroker({ host: '0.0.0.0', anonymous: true })
  })

  it('listens with a long backlog and without delay', async () => {
    const broker = await openBroker()
    const sockets = await Promise.all(Array.from({ length: 900 }, () => tcp(broker)))
    assert.equal(sockets.length, 900)
    for (const socket of sockets) socket.destroy()
  })
})

describe('a broker that closes', () => {
  afterEach(closeParties)

  it('frees its port and ends every peer at once, also those that never sent a CONNECT', async () => {
    const broker = await openBroker({ wsPort: 0 })
    const silent = rawClient(await tcp(broker))
    const half = rawClient(await tcp(broker))
    half.write(Buffer.from([0x10, 30, 0]))
    const webSocket = rawClient(
      await tcp({ address: { ...broker.address, port: broker.address.wsPort ?? 0 } })
    )
    const client = await subscribed(broker, 'updates')
    const frozen = await subscribed(broker, 'updates')
    frozen.stream.pause()
    for (let n = 1; n <= 500; n++) void broker.accept(update('updates', n, { body: Buffer.alloc(16_384) }))
    const closing = broker.close()
    assert.equal(broker.close(), closing, 'idempotent')
    await closing
    await Promise.all([silent, half, webSocket, client].map(peer => peer.gone()))
    assert.equal(broker.counters().connections, 0)
    assert.throws(() => void broker.accept(update('updates', 1)), { code: 'SERVER_CLOSED' })
    await openBroker({ port: broker.address.port, wsPort: broker.address.wsPort })
  })

  it('publishes the wills of its clients to those who are still there, and ends 100 clients', async () => {
    const broker = await openBroker()
    const clients = await Promise.all(Array.from({ length: 100 }, () => connected(broker)))
    await broker.close()
    await Promise.all(clients.map(client => client.gone()))
  })
})

describe('a broker that is full', () => {
  afterEach(closeParties)

  it('refuses and counts connections above maxConnections, over both ports, and takes new ones when some leave', async () => {
    const broker = await openBroker({ maxConnections: 2, wsPort: 0 })
    const first = await connected(broker)
    await connected(broker)
    const refused = [
      rawClient(await tcp(broker)),
      rawClient(await tcp({ address: { ...broker.address, port: broker.address.wsPort ?? 0 } }))
    ]
    await Promise.all(refused.map(peer => peer.gone()))
    assert.deepEqual(broker.counters().limits, { maxConnections: 2 })
    assert.equal(broker.counters().refused, 2)
    assert.deepEqual(
      broker.notices.map(({ code }) => code),
      ['CONNECTION_REFUSED']
    )
    first.end()
    while (broker.counters().connections > 1) await new Promise(setImmediate)
    await connected(broker)
  })

  it('counts what it must turn away when the process runs out of file descriptors', async function () {
    if (process.platform !== 'linux') this.skip()
    const child = fork(fileURLToPath(new URL('./few-descriptors.js', import.meta.url)), {
      execPath: '/bin/sh',
      execArgv: ['-c', `ulimit -n 128; exec "${process.execPath}" "$@"`, 'sh']
    })
    afterTest(() => child.kill())
    const [address] = await once(child, 'message')
    const peers = await Promise.all(
      Array.from({ length: 200 }, async () => rawClient(await tcp({ address })))
    )
    while (peers.filter(peer => peer.closed).length + 96 < 200)
      await new Promise(resolve => setTimeout(resolve, 20))
    child.send('counters')
    const [{ connections, limits }] = await once(child, 'message')
    assert.equal(connections + limits.descriptors, 200)
    child.send('close')
    await once(child, 'exit')
  })
})

describe('the broker thread', () => {
  it('serves in a worker', async () => {
    const worker = new Worker(new URL('../../../lib/broker/broker-thread.js', import.meta.url))
    worker.postMessage({ kind: 'listen', options: BROKER })
    const [message] = await once(worker, 'message')
    assert.equal(message.kind, 'listening')
    const client = await subscribed({ address: message.address } as never, 'updates')
    worker.postMessage({ kind: 'accept', first: 1, updates: [update('updates', 1)] })
    await client.count('publish', 1)
    worker.postMessage({ kind: 'close' })
    await once(worker, 'exit')
    await client.gone()
    await closeParties()
  })
})
