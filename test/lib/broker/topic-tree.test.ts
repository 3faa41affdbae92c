import assert from 'node:assert/strict'
import fc from 'fast-check'
import { topicFilterFault, topicMatches, topicNameFault } from '../../../lib/broker/topic-rules.js'
import { TopicTree } from '../../../lib/broker/topic-tree.js'

const level = fc.constantFrom('', 'a', 'b', 'c', '$x')
const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map(levels => levels.join('/'))
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))

describe('topic filters', () => {
  it('match as MQTT 3.1.1 section 4.7 says', () => {
    const cases: readonly [string, string, boolean][] = [
      ['sport/tennis/player1/#', 'sport/tennis/player1', true],
      ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
      ['sport/#', 'sport', true],
      ['#', 'a/b', true],
      ['sport/tennis/+', 'sport/tennis/player1', true],
      ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
      ['sport/+', 'sport', false],
      ['sport/+', 'sport/', true],
      ['+/+', '/finance', true],
      ['/+', '/finance', true],
      ['+', '/finance', false],
      ['#', '$SYS/x', false],
      ['+/x', '$SYS/x', false],
      ['$SYS/#', '$SYS/x', true],
      ['ACCOUNTS', 'Accounts', false]
    ]
    for (const [wanted, name, expected] of cases) {
      assert.equal(topicMatches(wanted, name), expected, `${wanted} ${name}`)
      const tree = new TopicTree<string>()
      tree.set(wanted, 'owner', wanted)
      assert.equal(tree.match(name).length === 1, expected, `tree ${wanted} ${name}`)
    }
  })

  it('match in a tree what they match alone, also after some left', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(filter, { maxLength: 12 }),
        fc.array(fc.boolean()),
        topic,
        (filters, leave, name) => {
          const tree = new TopicTree<string>()
          for (const one of filters) tree.set(one, 'owner', one)
          const left = filters.filter((one, index) => {
            if (leave[index]) tree.delete(one, 'owner')
            return !leave[index]
          })
          assert.deepEqual(tree.match(name).sort(), left.filter(one => topicMatches(one, name)).sort())
        }
      )
    )
  })

  it('are refused where they are malformed', () => {
    for (const good of ['#', '+', 'a/+/b', 'a/#', '/', '+/+/#', 'a b'])
      assert.equal(topicFilterFault(good), null, good)
    for (const bad of ['', 'a#', 'a/#/b', '#/', 'a+', '+a/b', 'a\0', '\ufffd'])
      assert.ok(topicFilterFault(bad), bad)
    for (const bad of ['', 'a/+', '#', 'a\0', '\ufffd']) assert.ok(topicNameFault(bad), bad)
    assert.equal(topicNameFault('a/b c/ü'), null)
  })
})
