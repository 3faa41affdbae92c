import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeUpdate, encodeUpdate, parseRfc3339, rfc3339Micros } from '../../../lib/update/cloudevents.js'
import type { Update } from '../../../lib/update/update.js'

const update: Update = {
  stream: 'house/living room',
  origin: 'node',
  id: 'f00000000000000-000000000012',
  epoch: 'f00000000000000',
  sequence: 12,
  generatedAt: Date.UTC(2026, 4, 1, 12) + 0.125,
  dueAt: null,
  speed: null
}
const parsed = (payload: unknown, subject: string | null = null) =>
  JSON.parse(encodeUpdate(update, payload, subject).toString('utf8'))

describe('the wire format', () => {
  it('is a CloudEvent 1.0 with the Sequence extension', () => {
    assert.deepEqual(parsed({ a: 1 }, 'sensor'), {
      specversion: '1.0',
      id: 'f00000000000000-000000000012',
      source: '/streams/house/living%20room',
      type: 'push-pull.update',
      time: '2026-05-01T12:00:00.000125Z',
      sequence: '000000000012',
      epoch: 'f00000000000000',
      subject: 'sensor',
      datacontenttype: 'application/json',
      data: { a: 1 }
    })
    assert.equal('subject' in parsed(1), false)
  })

  it('gives back any JSON payload and the instant to the microsecond', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4e15 }), (payload, micros) => {
        const generatedAt = micros / 1000
        const event = JSON.parse(encodeUpdate({ ...update, generatedAt }, payload, null).toString('utf8'))
        const decoded = decodeUpdate(event)
        assert.deepEqual(decoded?.data, JSON.parse(JSON.stringify(payload)))
        assert.equal(Math.round((decoded?.generatedAt ?? 0) * 1000), micros)
        assert.equal(decoded?.stream, update.stream)
        assert.equal(decoded?.id, update.id)
        assert.equal(decoded?.sequence, 12)
        assert.equal(decoded?.epoch, update.epoch)
      }),
      { seed: 1 }
    )
  })

  it('carries a Buffer, also a part of a larger one, as data_base64', () => {
    const bytes = Buffer.from([9, 0, 255, 1, 9]).subarray(1, 4)
    const event = parsed(bytes)
    assert.equal(event.data_base64, 'AP8B')
    assert.equal(event.datacontenttype, 'application/octet-stream')
    assert.equal('data' in event, false)
    assert.deepEqual(decodeUpdate(event)?.data, Buffer.from([0, 255, 1]))
    assert.deepEqual(decodeUpdate(parsed(Buffer.alloc(0)))?.data, Buffer.alloc(0))
  })

  const circular: Record<string, unknown> = {}
  circular.self = circular
  const refused: [string, unknown][] = [
    ['undefined', undefined],
    ['a function', () => {}],
    ['a function within', { f() {} }],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['a bigint within', [1n]],
    ['NaN', Number.NaN],
    ['Infinity within', { a: [Number.POSITIVE_INFINITY] }],
    ['a circle', circular],
    ['a Map', new Map([[1, 2]])],
    ['a Set within', { s: new Set([1]) }],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new Error('no')
        }
      }
    ]
  ]
  for (const [what, payload] of refused)
    it(`refuses ${what}`, () => {
      assert.throws(() => encodeUpdate(update, payload, null), { code: 'PAYLOAD_INVALID' })
    })

  it('what is no envelope of ours is not taken for one', () => {
    const event = parsed(1)
    for (const foreign of [
      null,
      5,
      'text',
      [],
      {},
      { ...event, specversion: '0.3' },
      { ...event, type: 'other' },
      { ...event, id: 5 },
      { ...event, id: 'x' },
      { ...event, source: '/elsewhere' },
      { ...event, source: '/streams/a//b' },
      { ...event, time: 'soon' }
    ])
      assert.equal(decodeUpdate(foreign), null, JSON.stringify(foreign))
  })

  it('instants have six decimals and carry over', () => {
    assert.equal(rfc3339Micros(0), '1970-01-01T00:00:00.000000Z')
    assert.equal(rfc3339Micros(999.9996), '1970-01-01T00:00:01.000000Z')
    assert.equal(rfc3339Micros(-0.001), '1969-12-31T23:59:59.999999Z')
    assert.equal(parseRfc3339('1970-01-01T01:00:01.5+01:00'), 1500)
    assert.equal(parseRfc3339('1970-01-01t00:00:01z'), 1000)
    for (const text of ['', '1970-01-01', '1970-01-01T00:00:01', '1970-13-01T00:00:00Z', 'x'])
      assert.equal(parseRfc3339(text), null, text)
  })
})
