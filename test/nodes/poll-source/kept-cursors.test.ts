import assert from 'node:assert/strict'
import type { Node } from 'node-red'
import type { Cursors } from '../../../lib/poll/cursor.js'
import { cursorKeepers } from '../../../nodes/poll-source/kept-cursors.js'

const at = (lastId: string): Cursors => ({ r: { etag: null, lastModified: null, lastId, seen: [] } })

/** As much of a node as keeps a context, which a store writes to at once. */
function nodeWith(store: Map<string, unknown>): Node {
  return {
    id: 'n',
    context: () => ({
      get: (key: string) => store.get(key),
      set(key: string, value: unknown, done: (error?: Error) => void) {
        store.set(key, structuredClone(value))
        done()
      }
    })
  } as unknown as Node
}

describe('the cursors of a poll-source', () => {
  it('stay over deploys while it reads the same, and are forgotten when it reads something else', () => {
    const keep = cursorKeepers()
    const node = nodeWith(new Map())
    const first = keep(node, 'feed a', () => at('1'))
    assert.deepEqual(first.first, {})
    first.close(false)
    const second = keep(node, 'feed a', () => at('2'))
    assert.deepEqual(second.first, at('1'))
    second.close(false)
    const other = keep(node, 'feed b', () => at('3'))
    assert.deepEqual(other.first, {})
    other.close(false)
    assert.deepEqual(keep(node, 'feed a', () => ({})).first, {})
  })

  it('are forgotten with their node', () => {
    const keep = cursorKeepers()
    const node = nodeWith(new Map())
    keep(node, 'feed', () => at('1')).close(true)
    assert.deepEqual(keep(node, 'feed', () => ({})).first, {})
  })

  it('are copied to node context before a restart, which begins with them', () => {
    const store = new Map<string, unknown>()
    const before = cursorKeepers()(nodeWith(store), 'feed', () => at('7'))
    before.changed()
    before.changed()
    assert.equal(store.size, 0)
    before.close(false)
    assert.deepEqual(cursorKeepers()(nodeWith(store), 'feed', () => ({})).first, at('7'))
    assert.deepEqual(cursorKeepers()(nodeWith(store), 'another', () => ({})).first, {})
  })

  it('begin anew where context holds something else, or cannot be read at once', () => {
    for (const kept of [null, 'x', { key: 'feed' }, { key: 'feed', cursors: null }])
      assert.deepEqual(cursorKeepers()(nodeWith(new Map([['cursors', kept]])), 'feed', () => ({})).first, {})
    const slow = { id: 'n', context: () => ({ get: () => assert.fail('no synchronous access') }) }
    assert.deepEqual(cursorKeepers()(slow as unknown as Node, 'feed', () => ({})).first, {})
  })
})
