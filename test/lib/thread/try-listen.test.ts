import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { tryListen } from '../../../lib/thread/try-listen.js'

describe('trying to listen', () => {
  it('takes a free port, any port, and gives it back', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    await assert.rejects(tryListen('127.0.0.1', port), { code: 'PORT_IN_USE' })
    holder.close()
    await once(holder, 'close')
    await tryListen('127.0.0.1', port)
    await tryListen('127.0.0.1', port)
    await tryListen('127.0.0.1', 0)
  })

  it('says that an address is not of this machine', async () => {
    // TEST-NET-1, RFC 5737
    await assert.rejects(tryListen('192.0.2.1', 0), { code: 'LISTEN_FAILED', message: /no such address/ })
  })
})
