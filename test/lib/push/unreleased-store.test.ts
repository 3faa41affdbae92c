import assert from 'node:assert/strict'
import type { IPublishPacket } from 'mqtt-packet'
import { unreleasedStore } from '../../../lib/push/unreleased-store.js'

const message = (messageId: number): IPublishPacket =>
  ({
    cmd: 'publish',
    qos: 2,
    retain: false,
    dup: false,
    topic: 't',
    payload: 'p',
    messageId
  }) as IPublishPacket

function opened() {
  const handled: number[] = []
  const later: (() => void)[] = []
  let session = 1
  const unreleased = new Set<number>()
  const store = unreleasedStore(
    unreleased,
    (packet, done) => {
      handled.push(packet.messageId ?? 0)
      later.push(done)
    },
    () => session
  )
  return { handled, later, store, unreleased, renew: () => (session += 1) }
}

describe('messages at QoS 2', () => {
  it('are handed on once, however often they are published before their release', () => {
    const { handled, later, store } = opened()
    let acknowledged = 0
    store.put(message(7), () => (acknowledged += 1))
    assert.equal(acknowledged, 0, 'not before it was handled')
    later[0]?.()
    store.put(message(7), () => (acknowledged += 1))
    assert.deepEqual([handled, acknowledged], [[7], 2])
    store.del(message(7), () => {})
    store.put(message(7), () => {})
    assert.deepEqual(handled, [7, 7])
  })

  it('of a session that is gone do not hide messages of the next one', () => {
    const { handled, later, store, unreleased, renew } = opened()
    store.put(message(7), () => {})
    renew()
    unreleased.clear()
    later[0]?.()
    store.put(message(7), () => {})
    assert.deepEqual(handled, [7, 7])
  })
})
