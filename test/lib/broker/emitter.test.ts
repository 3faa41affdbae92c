import assert from 'node:assert/strict'
import { createEmitter } from '../../../lib/broker/emitter.js'

type Done = () => void

describe('the emitter', () => {
  it('survives thousands of messages that were held and are then let go in one turn', async () => {
    const emitter = createEmitter()
    const held: Done[] = []
    emitter.on('updates', (_message, done) => void held.push(done))
    let finished = 0
    for (let n = 0; n < 20_000; n++) emitter.emit({ topic: 'updates', n }, () => void finished++)
    for (let done = held.shift(); done; done = held.shift()) done()
    assert.equal(finished, 20_000)
    await new Promise<void>(resolve => emitter.close(resolve))
  })

  it('brings every topic its messages in order while the listener of another holds on to its own', async () => {
    const emitter = createEmitter()
    emitter.on('frozen', () => {})
    const received: unknown[] = []
    emitter.on('healthy', (message, done) => {
      received.push(message.n)
      done()
    })
    for (let n = 0; n < 1000; n++) {
      emitter.emit({ topic: 'frozen', n })
      emitter.emit({ topic: 'healthy', n })
    }
    assert.deepEqual(
      received,
      Array.from({ length: 1000 }, (_, n) => n)
    )
    await new Promise<void>(resolve => emitter.close(resolve))
  })
})
