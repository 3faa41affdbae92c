import assert from 'node:assert/strict'
import { isLoopbackAddress, isLoopbackHost } from '../../lib/loopback.js'

describe('loopback', () => {
  it('is 127/8 and ::1, however written', () => {
    for (const address of ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])
      assert(isLoopbackAddress(address), address)
    for (const address of ['0.0.0.0', '::', '128.0.0.1', '10.0.0.1', 'localhost', '127.0.0.1.example', ''])
      assert(!isLoopbackAddress(address), address)
  })

  it('is a name that resolves there only', async () => {
    assert.equal(await isLoopbackHost('localhost'), true)
    assert.equal(await isLoopbackHost('127.0.0.1'), true)
    assert.equal(await isLoopbackHost('0.0.0.0'), false)
    assert.equal(await isLoopbackHost('no-such-host.invalid'), false)
  })
})
