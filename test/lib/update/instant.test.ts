import assert from 'node:assert/strict'
import { parseInstant } from '../../../lib/update/instant.js'

const NOON = Date.UTC(2026, 2, 1, 12)

describe('a foreign time', () => {
  it('may be ISO 8601 with any zone, to the microsecond', () => {
    for (const text of [
      '2026-03-01T12:00:00Z',
      '2026-03-01T14:00:00+02:00',
      '2026-03-01T14:00:00+0200',
      '2026-03-01t14:00:00+02',
      '2026-03-01 09:30:00 -02:30'
    ])
      assert.deepEqual(parseInstant(text), { at: NOON, zoneMissing: false, resolutionMs: 1000 }, text)
    assert.deepEqual(parseInstant('2026-03-01T12:00:00.000250Z'), {
      at: NOON + 0.25,
      zoneMissing: false,
      resolutionMs: 0.001
    })
  })

  it('without a zone is UTC, and says so', () => {
    assert.deepEqual(parseInstant('2026-03-01T12:00:00'), {
      at: NOON,
      zoneMissing: true,
      resolutionMs: 1000
    })
    assert.deepEqual(parseInstant('2026-03-01 12:00'), { at: NOON, zoneMissing: true, resolutionMs: 60_000 })
    assert.deepEqual(parseInstant('2026-03-01'), {
      at: Date.UTC(2026, 2, 1),
      zoneMissing: true,
      resolutionMs: 86_400_000
    })
  })

  it('may be epoch ms or s, as a number or its text: below 10^11 it is seconds', () => {
    const ms = { at: NOON, zoneMissing: false, resolutionMs: 1 }
    const s = { at: NOON, zoneMissing: false, resolutionMs: 1000 }
    assert.deepEqual(parseInstant(NOON), ms)
    assert.deepEqual(parseInstant(String(NOON)), ms)
    assert.deepEqual(parseInstant(NOON / 1000), s)
    assert.deepEqual(parseInstant(` ${NOON / 1000} `), s)
    assert.equal(parseInstant(99_999_999_999)?.at, 99_999_999_999_000)
    assert.equal(parseInstant(100_000_000_000)?.at, 100_000_000_000)
    assert.deepEqual(parseInstant(NOON / 1000 + 0.25), {
      at: NOON + 250,
      zoneMissing: false,
      resolutionMs: 10
    })
    assert.equal(parseInstant(new Date(NOON))?.at, NOON)
  })

  it('is null when it is anything else, never NaN', () => {
    for (const value of [
      '',
      'yesterday',
      'Sun, 01 Mar 2026 12:00:00 GMT',
      '2026-13-01T00:00:00Z',
      '12:00',
      null,
      undefined,
      true,
      {},
      [],
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e21,
      new Date(Number.NaN)
    ])
      assert.equal(parseInstant(value), null, String(value))
  })
})
