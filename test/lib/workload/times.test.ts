import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTimes } from '../../../lib/workload/times.js'

const instants = (times: unknown) => parseTimes(times).map(({ time }) => time)
const noon = Date.UTC(2026, 4, 1, 12)

describe('recorded times', () => {
  it('are epoch ms or ISO 8601, as an array or its JSON text', () => {
    assert.deepEqual(instants('[1, 2.5, "2026-05-01T12:00:00Z"]'), [1, 2.5, noon])
    assert.deepEqual(instants([noon]), [noon])
  })

  it('without a zone are UTC, with one are that instant', () => {
    for (const text of [
      '2026-05-01T12:00:00',
      '2026-05-01T12:00',
      '2026-05-01T14:00:00+02:00',
      '2026-05-01T14:00+0200',
      '2026-05-01T07:00:00,000-05',
      '2026-05-01 12:00'
    ])
      assert.deepEqual(instants([text]), [noon], text)
    assert.deepEqual(instants(['2026-05-01']), [Date.UTC(2026, 4, 1)])
  })

  it('are put in order of time: a list with the newest first replays forwards', () => {
    assert.deepEqual(
      parseTimes([
        { time: 9, payload: 'c' },
        { time: 3, payload: 'a' },
        { time: 3, payload: 'b' }
      ]).map(({ item }) => item?.payload),
      ['a', 'b', 'c']
    )
  })

  const bad: [string, unknown, RegExp][] = [
    ['no JSON', '[1, 2', /JSON array/],
    ['nothing', '', /JSON array, found nothing/],
    ['no array', '{"time": 1}', /JSON array/],
    ['an empty array', '[]', /at least one/],
    ['a word', '[1, "soon"]', /times\[1\].*"soon"/],
    ['a number as text', '["5"]', /times\[0\]/],
    ['null', '[1, 2, null]', /times\[2\]/],
    ['an object without a time', '[{"payload": 1}]', /times\[0\]/],
    ['a day that does not exist', '["2026-13-01"]', /times\[0\]/],
    ['an array in the array', '[[1]]', /times\[0\]/],
    ['undefined', undefined, /JSON array/]
  ]
  for (const [what, times, message] of bad)
    it(`${what} is refused`, () => {
      assert.throws(() => parseTimes(times), { code: 'TIMES_INVALID', message })
    })

  it('of the real branch are read whole', () => {
    const csv = readFileSync(join('test', 'data', 'branch-updates.csv'), 'utf8')
    const moves = csv.trim().split('\n').slice(1)
    assert.equal(parseTimes(moves).length, 452)
  })
})
