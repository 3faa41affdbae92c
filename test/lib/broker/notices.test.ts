import assert from 'node:assert/strict'
import { rateLimited } from '../../../lib/broker/notices.js'
import type { ServerNotice } from '../../../lib/thread/thread-server.js'
import { FakeClock } from '../../helpers/fake-clock.js'

describe('notices', () => {
  it('go through once a minute for each code, and say how many they stand for', () => {
    const clock = new FakeClock()
    const sent: ServerNotice[] = []
    const notify = rateLimited(notice => sent.push(notice), clock)
    notify('MQTT5_REFUSED', 'a')
    notify('MQTT5_REFUSED', 'b')
    notify('MQTT5_REFUSED', 'c')
    notify('NOT_AUTHORIZED', 'd')
    clock.advance(60_000)
    notify('MQTT5_REFUSED', 'e')
    notify('MQTT5_REFUSED', 'f')
    clock.advance(60_000)
    notify('NOT_AUTHORIZED', 'g')
    assert.deepEqual(
      sent.map(({ message }) => message),
      ['a', 'd', 'e (and 2 more like it since the last notice)', 'g']
    )
  })
})
