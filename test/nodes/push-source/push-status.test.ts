import assert from 'node:assert/strict'
import { DeliveryError } from '../../../lib/errors.js'
import { type PushFigures, pushStatus } from '../../../nodes/push-source/push-status.js'
import type { StatusWord } from '../../../nodes/shared/status-words.js'

const listening = { kind: 'listening', address: { host: '127.0.0.1', port: 41234, wsPort: null } } as const
const words: Partial<Record<StatusWord, string>> = {
  waitingBroker: 'waiting for broker',
  noUpdate: 'no update yet'
}
const shown = (figures: Partial<PushFigures>) =>
  pushStatus(
    {
      server: listening,
      subscriber: { kind: 'subscribed' },
      updates: 0,
      lost: 0,
      latencyMs: null,
      ...figures
    },
    key => words[key] ?? key
  )

describe('the status of a push-source', () => {
  it('shows updates, latency and port, as much of it as fits in 20 characters', () => {
    assert.deepEqual(shown({}), ['good', 'no update yet'])
    assert.deepEqual(shown({ updates: 12, latencyMs: 0.62 }), ['good', '12 · 0.6 ms · :41234'])
    assert.deepEqual(shown({ updates: 123456, latencyMs: 0.62 }), ['good', '123456 · 0.6 ms'])
    assert.deepEqual(shown({ updates: 12, latencyMs: 2512, server: { kind: 'external' } }), [
      'good',
      '12 · 2.5 s'
    ])
    assert.deepEqual(shown({ updates: 1, latencyMs: -4.2, server: { kind: 'external' } }), [
      'good',
      '1 · -4.2 ms'
    ])
  })

  it('shows what was lost before anything else', () => {
    assert.deepEqual(shown({ updates: 12, lost: 3, latencyMs: 1 }), ['limited', '12 · 3 lost'])
  })

  it('shows why there is no connection: of the broker itself while it waits for one', () => {
    const error = new DeliveryError('PORT_IN_USE', 'taken')
    assert.deepEqual(shown({ subscriber: { kind: 'waiting' }, server: { kind: 'retrying', error } }), [
      'bad',
      'port in use'
    ])
    assert.deepEqual(shown({ subscriber: { kind: 'waiting' }, server: { kind: 'starting' } }), [
      'waiting',
      'waiting for broker'
    ])
    const refused = new DeliveryError('NOT_AUTHORIZED', 'no')
    assert.deepEqual(shown({ subscriber: { kind: 'connecting', error: refused } }), ['bad', 'not authorized'])
    assert.deepEqual(shown({ subscriber: { kind: 'connecting', error: null } }), ['waiting', 'connecting'])
  })
})
