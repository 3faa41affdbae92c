import assert from 'node:assert/strict'
import { watchLiveness } from '../../../lib/push/liveness.js'
import { FakeClock } from '../../helpers/fake-clock.js'

function watched(answers: () => boolean) {
  const clock = new FakeClock(0)
  let bytes = 0
  const pings: number[] = []
  const silent: { at: number; heardAt: number }[] = []
  const stop = watchLiveness({
    clock,
    keepAliveMs: 10_000,
    received: () => bytes,
    ping() {
      pings.push(clock.now())
      if (answers()) clock.at(clock.now() + 50, () => (bytes += 2))
    },
    onSilent: heardAt => silent.push({ at: clock.now(), heardAt })
  })
  return { clock, pings, silent, stop, receive: () => (bytes += 100) }
}

describe('liveness', () => {
  it('pings every keep-alive, and believes a peer that answers', () => {
    const { clock, pings, silent, stop } = watched(() => true)
    clock.advance(35_000)
    assert.deepEqual(pings, [10_000, 20_000, 30_000])
    assert.deepEqual(silent, [])
    stop()
    assert.equal(clock.pending, 0)
  })

  it('notices silence within 1.5 keep-alives', () => {
    let alive = true
    const { clock, silent } = watched(() => alive)
    clock.advance(10_100)
    alive = false
    clock.advance(60_000)
    assert.equal(silent.length, 1)
    assert.ok((silent[0]?.at ?? 0) <= 10_050 + 15_000)
    assert.equal(clock.pending, 0)
  })

  it('takes anything that arrives for an answer, but pings all the same, as MQTT demands', () => {
    const { clock, pings, silent, receive, stop } = watched(() => false)
    for (let n = 0; n < 60; n += 1) {
      clock.advance(1000)
      receive()
    }
    assert.equal(silent.length, 0)
    assert.equal(pings.length, 6)
    stop()
  })
})
