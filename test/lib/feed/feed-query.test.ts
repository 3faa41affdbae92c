import assert from 'node:assert/strict'
import { feedQuery } from '../../../lib/feed/feed-query.js'

describe('the query of a feed', () => {
  it('asks for 100 updates from the oldest on, at once, when it is empty', () => {
    const nothing = { cursor: null, timeoutMs: 0, limit: 100 }
    assert.deepEqual(feedQuery(''), nothing)
    assert.deepEqual(feedQuery('lastEventId='), nothing)
    assert.deepEqual(feedQuery('unknown=1'), nothing)
  })

  it('gives cursor, timeout and limit', () => {
    assert.deepEqual(feedQuery('limit=1000&lastEventId=a%20b&timeout=60000'), {
      cursor: 'a b',
      timeoutMs: 60_000,
      limit: 1000
    })
  })

  it('says what is wrong with a parameter', () => {
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=-1',
      'limit=1.5',
      'limit=ten',
      'limit=',
      'limit=1e2'
    ])
      assert.match(String(feedQuery(query)), /^Expected limit .* found/, query)
    for (const query of ['timeout=60001', 'timeout=-1', 'timeout=x', 'timeout=', 'timeout=99999999999'])
      assert.match(String(feedQuery(query)), /^Expected timeout .* found/, query)
  })
})
