import assert from 'node:assert/strict'
import type { StreamReport } from '../../../lib/metrics/report.js'
import { targetsOf } from '../../../panel/model/targets.js'

const stream = (name: string, speed: number | null) => ({ stream: name, speed }) as StreamReport
const lane = (name: string) => ({ report: { stream: name } })
const target = { ms: 1000, share: 0.95 }

describe('the target line', () => {
  it('stands at the target', () => {
    assert.deepEqual(targetsOf({ target, streams: [stream('a', null)] }, [lane('a')]), [1000])
  })

  it('stands at the target ÷ speed for replayed traffic, once per value, of shown streams only', () => {
    const streams = [stream('a', 60), stream('b', null), stream('c', 60), stream('d', 10)]
    assert.deepEqual(targetsOf({ target, streams }, [lane('a'), lane('c'), lane('b')]), [1000 / 60, 1000])
  })

  it('stands at the target while the stream is unknown', () => {
    assert.deepEqual(targetsOf({ target, streams: [] }, [lane('a')]), [1000])
  })
})
