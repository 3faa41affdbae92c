import assert from 'node:assert/strict'
import { DEFAULT_LIMITS } from '../../../lib/broker/limits.js'
import { Persistence } from '../../../lib/broker/persistence.js'
import { RetainedMessages } from '../../../lib/broker/retained-messages.js'
import { Sessions } from '../../../lib/broker/sessions.js'
import { compact } from '../../../lib/broker/stored-packet.js'
import { Tally } from '../../../lib/broker/tally.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { closeParties, connected, openBroker } from './parties.js'

describe('the persistence', () => {
  const open = () => {
    const tally = new Tally()
    const sessions = new Sessions(DEFAULT_LIMITS, tally, new FakeClock())
    const retained = new RetainedMessages(DEFAULT_LIMITS)
    return { sessions, persistence: new Persistence({ sessions, retained, tally, isOurs: () => false }) }
  }

  it('keeps of a SUBSCRIBE only the filters that are granted', async () => {
    const { persistence } = open()
    await persistence.addSubscriptions({ id: 'a' }, [
      { topic: '$share/group/updates', qos: 1 },
      { topic: 'a+', qos: 1 },
      { topic: 'updates', qos: 1 }
    ])
    assert.deepEqual(await persistence.subscriptionsByClient({ id: 'a' }), [{ topic: 'updates', qos: 1 }])
  })

  it('forgets with a session the QoS 2 handshakes that it left half done', async () => {
    const { persistence, sessions } = open()
    sessions.online('a')
    const packet = {
      ...{ cmd: 'publish', topic: 't', payload: Buffer.alloc(0), qos: 2, retain: false },
      ...{ brokerCounter: 1, messageId: 7 }
    }
    await persistence.incomingStorePacket({ id: 'a' }, packet)
    assert.equal(await persistence.incomingGetPacket({ id: 'a' }, packet), packet)
    sessions.forget('a')
    await assert.rejects(persistence.incomingGetPacket({ id: 'a' }, packet))
  })

  it('keeps a small payload without the chunk that it was read in', () => {
    const chunk = Buffer.alloc(65_536, 'x')
    const small = compact(chunk.subarray(100, 110))
    assert.equal(String(small), 'x'.repeat(10))
    assert.equal(small.buffer.byteLength, 10)
    const large = chunk.subarray(0, 60_000)
    assert.equal(compact(large), large)
  })

  describe('that fails', () => {
    const { subscriptionsByTopic } = Persistence.prototype
    afterEach(async () => {
      Persistence.prototype.subscriptionsByTopic = subscriptionsByTopic
      await closeParties()
    })

    it('does not end the broker: it tells, and goes on', async () => {
      const broker = await openBroker()
      const client = await connected(broker)
      Persistence.prototype.subscriptionsByTopic = () => Promise.reject(new Error('disk full'))
      client.send({
        cmd: 'publish',
        topic: 'a',
        payload: 'x',
        qos: 1,
        messageId: 1,
        retain: false,
        dup: false
      })
      while (broker.notices.length === 0) await new Promise(setImmediate)
      Persistence.prototype.subscriptionsByTopic = subscriptionsByTopic
      assert.match(broker.notices[0]?.message ?? '', /disk full/)
      const other = await connected(broker)
      other.send({
        cmd: 'publish',
        topic: 'a',
        payload: 'x',
        qos: 1,
        messageId: 2,
        retain: false,
        dup: false
      })
      await other.next('puback')
    })
  })
})
