import assert from 'node:assert/strict'
import { HeldRequests, type Wake } from '../../../lib/feed/held-requests.js'
import { FakeClock } from '../../helpers/fake-clock.js'

describe('held requests', () => {
  const clock = new FakeClock()
  let held: HeldRequests<string>
  let wakes: [string, Wake][]
  const note =
    (name: string, answers = true) =>
    (wake: Wake) => {
      wakes.push([name, wake])
      return answers
    }

  beforeEach(() => {
    held = new HeldRequests(clock, 3)
    wakes = []
  })
  afterEach(() => {
    held.close()
    assert.equal(held.size, 0)
    assert.equal(clock.pending, 0)
  })

  it('are answered when their time is up, not before', () => {
    held.hold('a', 1000, note('one'))
    held.hold('a', 500, note('two'))
    clock.advance(499)
    assert.deepEqual(wakes, [])
    clock.advance(1)
    assert.deepEqual(wakes, [['two', 'time-up']])
    clock.advance(500)
    assert.deepEqual(wakes[1], ['one', 'time-up'])
  })

  it('are all answered by an update of what they wait for, once, in order', () => {
    held.hold('a', 1000, note('one'))
    held.hold('b', 1000, note('other'))
    held.hold('a', 1000, note('two'))
    held.wake('a')
    held.wake('a')
    assert.deepEqual(wakes, [
      ['one', 'update'],
      ['two', 'update']
    ])
    assert.equal(held.size, 1)
    assert.equal(clock.pending, 1)
  })

  it('hold on when an update is nothing for them, and keep their time', () => {
    held.hold('a', 1000, note('one', false))
    held.wake('a')
    clock.advance(999)
    held.wake('a')
    clock.advance(1)
    assert.deepEqual(
      wakes.map(([, wake]) => wake),
      ['update', 'update', 'time-up']
    )
  })

  it('are forgotten when their client goes away, also while others are answered', () => {
    const forget = held.hold('a', 1000, note('one'))
    forget?.()
    forget?.()
    held.hold('a', 1000, wake => {
      second?.()
      return note('first')(wake)
    })
    const second = held.hold('a', 1000, note('second'))
    held.wake('a')
    assert.deepEqual(wakes, [['first', 'update']])
  })

  it('that come while an update is answered wait for the next one', () => {
    held.hold('a', 1000, wake => {
      held.hold('a', 1000, note('next'))
      return note('first')(wake)
    })
    held.wake('a')
    assert.deepEqual(wakes, [['first', 'update']])
    held.wake('a')
    assert.deepEqual(wakes[1], ['next', 'update'])
  })

  it('are at most so many, over all', () => {
    held.hold('a', 1000, note('1'))
    held.hold('b', 1000, note('2'))
    held.hold('c', 1000, note('3'))
    assert.equal(held.hold('d', 1000, note('4')), null)
    held.wake('a')
    assert.notEqual(held.hold('d', 1000, note('5')), null)
  })
})
