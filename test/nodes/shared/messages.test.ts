import assert from 'node:assert/strict'
import type { Delivery } from '../../../lib/update/delivery.js'
import type { Exchange, SourceReport } from '../../../lib/update/exchange.js'
import type { Message } from '../../../nodes/shared/define-node.js'
import { sourceMessages } from '../../../nodes/shared/messages.js'
import { FakeClock } from '../../helpers/fake-clock.js'

const report: SourceReport = {
  settings: {
    trigger: null,
    read: 'push',
    intervalMs: null,
    waitMs: null,
    qos: 0,
    session: 'clean',
    keepAlive: null,
    tls: false
  },
  totals: {
    connections: 1,
    reconnects: 0,
    open: 1,
    requests: 0,
    empty: 0,
    notModified: 0,
    errors: 0,
    timeouts: 0,
    throttled: 0,
    skipped: 0,
    updates: 1,
    bytesSent: 40,
    bytesReceived: 350
  },
  server: null
}
const delivery: Delivery = {
  model: 'push',
  source: 'n1',
  sourceName: 'phone',
  stream: 'updates',
  read: 'push',
  exchangeId: null,
  id: null,
  epoch: null,
  sequence: null,
  generatedAt: null,
  receivedAt: 1000,
  latencyMs: null,
  value: null,
  subject: null,
  retained: false,
  catchUp: false,
  duplicate: false,
  since: 0
}
const exchange: Exchange = {
  ...report,
  id: 'x1',
  model: 'pull',
  source: 'n1',
  sourceName: 'phone',
  stream: 'updates/#',
  kind: 'poll',
  outcome: 'not-modified',
  dueAt: 1,
  startedAt: 1,
  endedAt: 2,
  statusCode: 304,
  code: null,
  updates: 0,
  bytesSent: 1,
  bytesReceived: 1,
  clock: null,
  since: 0
}
const reports = (message: Message) => 'totals' in (message.delivery as object)

function maker() {
  const clock = new FakeClock()
  return {
    clock,
    messages: sourceMessages({ clock, clone: message => structuredClone(message), report: () => report })
  }
}

describe("a source's messages", () => {
  it('carry payload, topic and delivery', () => {
    const { messages } = maker()
    const message = messages.delivery(delivery, { t: 1 }, { conventional: { qos: 1, retain: false } })
    assert.deepEqual(message, {
      topic: 'updates',
      payload: { t: 1 },
      qos: 1,
      retain: false,
      delivery: { ...delivery, ...report }
    })
  })

  it('carry totals, settings and server inside msg.delivery on the first, then at most once a second', () => {
    const { clock, messages } = maker()
    const carried: number[] = []
    for (let ms = 0; ms < 3000; ms += 100) {
      if (reports(messages.delivery(delivery, null))) carried.push(ms)
      clock.advance(100)
    }
    assert.deepEqual(carried, [0, 1000, 2000])
  })

  it('carry the outcome as payload on output 2', () => {
    const { messages } = maker()
    const message = messages.exchange(exchange, { conventional: { statusCode: 304 } })
    assert.deepEqual(message, { topic: 'updates/#', payload: 'not-modified', statusCode: 304, exchange })
  })

  it('keep what the asking message had, but not the records of other nodes, and leave that message alone', () => {
    const { messages } = maker()
    const asked = {
      _msgid: 'm',
      payload: 'go',
      mine: { deep: 1 },
      update: 1,
      delivery: 1,
      exchange: 1,
      fleet: 1
    } as unknown as Message
    const before = structuredClone(asked)
    const parts = { id: 'x1', index: 0, count: 2, type: 'array' } as const
    const first = messages.delivery(delivery, 'a', { passedOn: asked, parts })
    assert.equal(first._msgid, 'm')
    assert.deepEqual(first.parts, parts)
    assert.ok(!('update' in first) && !('exchange' in first) && !('fleet' in first))
    const mine = first.mine as { deep: number }
    mine.deep = 2
    const second = messages.exchange(exchange, { passedOn: asked })
    assert.deepEqual(second.mine, { deep: 1 })
    assert.ok(!('delivery' in second) && !('update' in second))
    assert.deepEqual(asked, before)
  })
})
