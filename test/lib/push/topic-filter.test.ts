import assert from 'node:assert/strict'
import { topicFilterFault } from '../../../lib/push/topic-filter.js'

describe('a topic filter', () => {
  it('may have wildcards where MQTT allows them', () => {
    for (const filter of ['updates', 'a/b/c', '#', '+', 'a/+/c', 'a/#', '+/+', '/', '$SYS/#', 'a//b', 'grün'])
      assert.equal(topicFilterFault(filter), null, filter)
  })

  it('says what is wrong with it', () => {
    for (const filter of [
      '',
      'a#',
      'a/#/b',
      '#/a',
      'a+',
      'a/b+/c',
      '++',
      'a\0b',
      '\ud800',
      'x'.repeat(65_536)
    ])
      assert.match(String(topicFilterFault(filter)), /^expected /, filter.slice(0, 20))
  })
})
