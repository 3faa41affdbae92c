import assert from 'node:assert/strict'
import { Deadline } from '../../../lib/poll/deadline.js'
import { FakeClock } from '../../helpers/fake-clock.js'

describe('the deadline of polls', () => {
  const setUp = () => {
    const clock = new FakeClock()
    const reached: number[] = []
    const start = clock.now()
    const deadline = new Deadline({ clock, onReached: () => reached.push(clock.now() - start) })
    return { clock, deadline, reached, at: (ms: number) => deadline.set(start + ms) }
  }

  it('is reached once, at its instant', () => {
    const { clock, at, reached } = setUp()
    at(100)
    clock.advance(99)
    assert.deepEqual(reached, [])
    clock.advance(500)
    assert.deepEqual(reached, [100])
  })

  it('is not reached by what has ended before, and not taken over by what follows', () => {
    const { clock, deadline, at, reached } = setUp()
    at(100)
    clock.advance(60)
    deadline.clear()
    clock.advance(30)
    at(190)
    clock.advance(20)
    assert.deepEqual(reached, [])
    clock.advance(200)
    assert.deepEqual(reached, [190])
  })

  it('may come earlier than the one before', () => {
    const { clock, deadline, at, reached } = setUp()
    at(1000)
    deadline.clear()
    at(50)
    clock.advance(2000)
    assert.deepEqual(reached, [50])
  })

  it('leaves no timer behind once it is closed', () => {
    const { clock, deadline, at, reached } = setUp()
    at(100)
    deadline.close()
    deadline.close()
    assert.equal(clock.pending, 0)
    clock.advance(200)
    assert.deepEqual(reached, [])
  })
})
