import assert from 'node:assert/strict'
import { ThreadFigures } from '../../../lib/thread/thread-figures.js'

describe('the figures of a server thread', () => {
  const counters = {
    connections: 3,
    dropped: 1,
    refused: 2,
    expired: 0,
    updates: 10,
    limits: { connections: 2 }
  }

  it('go on over the lives of the thread; open connections do not', () => {
    const figures = new ThreadFigures(1000)
    figures.record({ at: 1100, busyMs: 5, cpuMs: 4, counters })
    figures.record({ at: 1200, busyMs: 7, cpuMs: 6, counters: { ...counters, updates: 20 } })
    assert.deepEqual(figures.totals, {
      at: 1200,
      since: 1000,
      busyMs: 7,
      cpuMs: 6,
      connections: 3,
      dropped: 1,
      refused: 2,
      expired: 0,
      updates: 20
    })
    figures.endLife(1300)
    assert.equal(figures.totals.connections, 0)
    assert.equal(figures.totals.updates, 20)
    figures.count('threadDied')
    figures.record({ at: 1400, busyMs: 1, cpuMs: 1, counters })
    assert.equal(figures.totals.updates, 30)
    assert.equal(figures.totals.busyMs, 8)
    assert.equal(figures.totals.cpuMs, 7)
    assert.deepEqual(figures.limits, { connections: 4, threadDied: 1 })
  })

  it('say that CPU time is not known, rather than count from zero', () => {
    const figures = new ThreadFigures(0)
    figures.record({ at: 1, busyMs: 1, cpuMs: null, counters })
    assert.equal(figures.totals.cpuMs, null)
    figures.endLife(2)
    figures.record({ at: 3, busyMs: 1, cpuMs: 1, counters })
    assert.equal(figures.totals.cpuMs, null)
  })
})
