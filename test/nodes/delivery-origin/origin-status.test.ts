import assert from 'node:assert/strict'
import { DeliveryError } from '../../../lib/errors.js'
import { originStatus } from '../../../nodes/delivery-origin/origin-status.js'
import type { ServerState } from '../../../nodes/shared/server-node.js'

const listening = (port: number): ServerState => ({
  kind: 'listening',
  address: { host: '127.0.0.1', port, wsPort: null }
})
const status = (
  [broker = null, feed = null]: (ServerState | null)[],
  updates = 0,
  lastError?: DeliveryError
) => originStatus({ broker, feed, updates, lastError }, word => word)

describe('the status of an origin', () => {
  it('is its count and the ports, as far as they fit', () => {
    const both = [listening(41234), listening(39871)]
    assert.deepEqual(status(both, 1234), ['good', '1234 · :41234 :39871'])
    assert.deepEqual(status(both, 12345), ['good', '12345'])
    assert.deepEqual(status([listening(1883)]), ['good', 'noUpdate · :1883'])
    assert.deepEqual(status([listening(1883), { kind: 'external' }], 3), ['good', '3 · :1883'])
    assert.deepEqual(status([{ kind: 'external' }], 3), ['good', '3'])
  })

  it('says first what is wrong', () => {
    const error = new DeliveryError('PORT_IN_USE', 'x')
    assert.deepEqual(status([{ kind: 'starting' }, listening(1)]), ['waiting', 'waitingBroker'])
    assert.deepEqual(status([null, { kind: 'idle' }]), ['waiting', 'waitingFeed'])
    assert.deepEqual(status([{ kind: 'retrying', error }, listening(1)]), ['bad', 'port in use'])
    assert.deepEqual(status([listening(1)], 5, new DeliveryError('PAYLOAD_INVALID', 'x')), [
      'bad',
      'payload invalid'
    ])
  })
})
