import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { DeliveryError } from '../../../lib/errors.js'
import { threadCpuMs } from '../../../lib/thread/cpu-time.js'
import { listenError } from '../../../lib/thread/listen-error.js'

describe('why a server does not listen', () => {
  it('is said in words, with the port', async () => {
    const first = createServer().listen(0, '127.0.0.1')
    await once(first, 'listening')
    const address = first.address()
    assert(typeof address === 'object' && address)
    const second = createServer().listen(address.port, '127.0.0.1')
    const [cause] = await once(second, 'error')
    first.close()
    const error = listenError(cause, { host: '127.0.0.1', port: 0 })
    assert.equal(error.code, 'PORT_IN_USE')
    assert.match(error.message, new RegExp(`port ${address.port} of 127.0.0.1 to be free`))
    assert.equal(error.cause, cause)
  })

  it('is LISTEN_FAILED for everything else, and what has a code of ours stays', () => {
    const at = { host: 'h', port: 80 }
    const code = (text: string) => Object.assign(new Error(text), { code: text })
    assert.match(listenError(code('EACCES'), at).message, /no permission/)
    assert.match(listenError(code('EADDRNOTAVAIL'), at).message, /no such address/)
    assert.equal(listenError('odd', at).code, 'LISTEN_FAILED')
    const own = new DeliveryError('TLS_INVALID', 'no key')
    assert.equal(listenError(own, at), own)
  })
})

describe('the CPU time of a thread', () => {
  it('grows by what the thread works', () => {
    const before = threadCpuMs()
    if (before === null) return
    const until = performance.now() + 30
    while (performance.now() < until);
    const after = threadCpuMs() ?? 0
    assert(after > before)
    assert(after < performance.now() + 60_000, 'milliseconds')
  })
})
