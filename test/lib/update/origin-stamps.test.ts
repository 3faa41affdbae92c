import assert from 'node:assert/strict'
import { OriginStamps } from '../../../lib/update/origin-stamps.js'

const epoch = 'f00000000000000'
const intention = (stream: string) => ({ stream, generatedAt: 5, dueAt: 4, speed: null })

describe('origin stamps', () => {
  it('number each stream from 1 without gaps', () => {
    const stamps = new OriginStamps('node', epoch)
    const made = ['a', 'a', 'b', 'a', 'b'].map(stream => {
      const update = stamps.next(intention(stream))
      stamps.keep(update)
      return `${update.stream}${update.sequence}`
    })
    assert.deepEqual(made, ['a1', 'a2', 'b1', 'a3', 'b2'])
    assert.equal(stamps.kept, 5)
  })

  it('use no number up for what was refused', () => {
    const stamps = new OriginStamps('node', epoch)
    stamps.next(intention('a'))
    assert.equal(stamps.next(intention('a')).sequence, 1)
    assert.equal(stamps.kept, 0)
  })

  it('say all that CONTRACT 4 has in msg.update', () => {
    assert.deepEqual(new OriginStamps('node', epoch).next(intention('a')), {
      stream: 'a',
      origin: 'node',
      id: `${epoch}-000000000001`,
      epoch,
      sequence: 1,
      generatedAt: 5,
      dueAt: 4,
      speed: null
    })
  })
})
