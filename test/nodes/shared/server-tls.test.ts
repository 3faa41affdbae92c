import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { NodeAPI } from 'node-red'
import { Agent, type buildConnector, request } from 'undici'
import { clientTls, serverTls, trustOnly } from '../../../nodes/shared/server-tls.js'
import { type Certificate, deviceCertificates } from './certificates.js'

describe('TLS of our own servers', () => {
  const { selfSigned, issued } = deviceCertificates()
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  /** The status that a client gets which trusts `trusted` only. */
  async function ask(served: Certificate, trusted: Certificate): Promise<number> {
    const server = createServer(served, (_request, response) => response.end()).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => undefined)
    await once(server, 'listening')
    const address = server.address()
    assert(typeof address === 'object' && address)
    const agent = new Agent({ connect: trustOnly(trusted) as buildConnector.BuildOptions })
    closers.push(
      () => agent.destroy(),
      () => server.closeAllConnections(),
      () => server.close()
    )
    const { statusCode, body } = await request(`https://127.0.0.1:${address.port}`, { dispatcher: agent })
    await body.dump()
    return statusCode
  }

  it('is trusted by its certificate, for whatever name and whoever issued it', async () => {
    assert.equal(await ask(selfSigned, selfSigned), 200)
    assert.equal(await ask(issued[0], issued[0]), 200)
  })

  it('trusts no other certificate, not even of the same authority', async () => {
    await assert.rejects(ask(selfSigned, issued[0]))
    await assert.rejects(ask(issued[0], selfSigned))
    await assert.rejects(ask(issued[1], issued[0]))
  })

  /** A runtime with one `tls-config` node `t`. */
  const runtime = (options: Record<string, unknown> | null, valid = true) =>
    ({
      nodes: {
        getNode: (id: string) =>
          id === 't' && options ? { valid, addTLSOptions: (into: object) => ({ ...into, ...options }) } : null
      }
    }) as unknown as NodeAPI

  it('takes certificate, key and pass phrase from a tls-config', () => {
    const RED = runtime({ key: Buffer.from(selfSigned.key), cert: selfSigned.cert, rejectUnauthorized: true })
    assert.deepEqual(serverTls(RED, 't'), selfSigned)
    assert.equal(serverTls(RED, ''), null)
    assert.equal(clientTls(RED, ''), undefined)
    assert.equal(clientTls(RED, 't')?.rejectUnauthorized, true)
  })

  it('says what is wrong with a tls-config', () => {
    const fault = (RED: NodeAPI, message: RegExp) =>
      assert.throws(() => serverTls(RED, 't'), { code: 'TLS_INVALID', message })
    fault(runtime(null), /found no node t/)
    fault(runtime({}, false), /readable files/)
    fault(runtime({ ca: issued[0].cert }), /found no certificate/)
    fault(runtime({ cert: issued[0].cert }), /found no private key/)
    fault(runtime({ cert: issued[0].cert, key: issued[1].key }), /private key that belongs to it/)
    fault(runtime({ cert: 'nonsense', key: 'nonsense' }), /private key that belongs to it/)
  })
})
