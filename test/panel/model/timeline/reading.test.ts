import assert from 'node:assert/strict'
import { clockText } from '../../../../panel/model/clock-text.js'
import { laneFacts, updatesIn } from '../../../../panel/model/timeline/facts.js'
import { timelineLayout } from '../../../../panel/model/timeline/layout.js'
import { axisTicks, onWholePixel, timeScale, xOf } from '../../../../panel/model/timeline/scale.js'
import { type Step, stepTo } from '../../../../panel/model/timeline/steps.js'
import { chapterOf } from '../../../../panel/model/timeline/story.js'
import { type Target, targetAt } from '../../../../panel/model/timeline/target.js'
import { BASE, PULL, PUSH, tracksOf } from './events.js'

/** 10 s in 1000 px: 100 px a second. */
const scale = timeScale(BASE + 10_000, 10_000, 1000)
const LANES = [PUSH, PULL]
const layout = timelineLayout(LANES, false)
/** Update 2 is replaced for the pull lane; 4 has not arrived there. */
const tracks = tracksOf({
  updates: [
    [0, 1, 1000],
    [0, 2, 3000],
    [0, 3, 3400],
    [0, 4, 9000]
  ],
  deliveries: [
    [0, 0, 1, 1000, 1005, 0],
    [1, 0, 1, 1000, 2000, 0],
    [0, 0, 2, 3000, 3005, 0],
    [0, 0, 3, 3400, 3405, 0],
    [1, 0, 3, 3400, 4000, 0],
    [1, 0, 3, 3400, 4100, 2],
    [0, 0, 4, 9000, 9005, 0]
  ],
  exchanges: [
    [1, 'updated', 1990, 2000, 1, 200],
    [1, 'updated', 3990, 4000, 1, 200],
    [1, 'not-modified', 5990, 6000, 0, 304],
    [1, 'error', 7990, 8000, 0, 500]
  ]
})
const bandOf = (lane: number) => layout.groups[0]?.bands[lane] ?? assert.fail()
const at = (ms: number, lane: number, down: number): Target | null => {
  const { top, bottom } = bandOf(lane)
  return targetAt(LANES, tracks, layout, scale, xOf(scale, BASE + ms), top + (bottom - top) * down)
}
const sequenceOf = (target: Target | null) =>
  target?.kind === 'update' ? [target.lane, target.update.sequence] : target

describe('what the pointer finds in the timeline', () => {
  it('is the delivery whose line is there, at every height of it', () => {
    assert.deepEqual(sequenceOf(at(1000, 1, 0)), [1, 1])
    assert.deepEqual(sequenceOf(at(1500, 1, 0.5)), [1, 1])
    assert.deepEqual(sequenceOf(at(1850, 1, 0.85)), [1, 1])
    assert.deepEqual(sequenceOf(at(3003, 0, 0.5)), [0, 2])
  })

  it('is nothing beside it', () => {
    assert.equal(at(1000, 1, 0.7), null)
    assert.equal(at(5000, 0, 0.5), null)
  })

  it('is the superseded update on its way, but not beyond its cross', () => {
    assert.deepEqual(sequenceOf(at(3200, 1, 0.2)), [1, 2])
    assert.deepEqual(sequenceOf(at(3800, 1, 0.4)), [1, 3])
  })

  it('is the poll, on the lower edge of its lane', () => {
    const poll = at(6010, 1, 1)
    assert.ok(poll?.kind === 'poll')
    assert.deepEqual([poll.lane, poll.poll.outcome, poll.poll.code, poll.polls], [1, 'not-modified', 304, 1])
  })

  it('is the tick of the origin', () => {
    const { bottom } = layout.groups[0] ?? assert.fail()
    const tick = targetAt(LANES, tracks, layout, scale, xOf(scale, BASE + 3020), bottom - 3)
    assert.deepEqual(sequenceOf(tick), [null, 2])
  })
})

describe('the keyboard on the timeline', () => {
  const go = (now: Target | null, ...steps: Step[]): Target | null =>
    steps.reduce<Target | null>((from, step) => stepTo(LANES, tracks, layout, scale, from, step), now)

  it('begins with the newest delivery of the first lane', () => {
    assert.deepEqual(sequenceOf(go(null, 'left')), [0, 4])
  })

  it('goes along the deliveries, and stays at the ends', () => {
    assert.deepEqual(sequenceOf(go(null, 'left', 'left')), [0, 3])
    assert.deepEqual(sequenceOf(go(null, 'left', 'first')), [0, 1])
    assert.deepEqual(sequenceOf(go(null, 'left', 'first', 'left')), [0, 1])
    assert.deepEqual(sequenceOf(go(null, 'left', 'first', 'right', 'right')), [0, 3])
    assert.deepEqual(sequenceOf(go(null, 'left', 'last', 'right')), [0, 4])
  })

  it('goes to the same update in the next row, to the nearest where it never arrived', () => {
    assert.deepEqual(sequenceOf(go(null, 'left', 'left', 'down')), [1, 3])
    assert.deepEqual(sequenceOf(go(null, 'left', 'left', 'up')), [null, 3])
    assert.deepEqual(sequenceOf(go(null, 'left', 'first', 'right', 'down')), [1, 3])
    assert.deepEqual(sequenceOf(go(null, 'left', 'up', 'up')), [null, 4])
  })

  it('has nowhere to go where nothing is', () => {
    assert.equal(stepTo(LANES, tracksOf({}), layout, scale, null, 'left'), null)
  })
})

describe('the story of an update', () => {
  const update = (sequence: number, generated: number) => ({
    epoch: 'e1',
    sequence,
    id: null,
    generated: BASE + generated
  })

  it('tells what became of it in each lane', () => {
    const pushed = chapterOf(PUSH, tracks, update(2, 3000))
    assert.ok(pushed.kind === 'arrived' && pushed.latencyMs === 5 && pushed.again === 0)
    assert.deepEqual(chapterOf(PULL, tracks, update(2, 3000)), { kind: 'replaced' })
    assert.deepEqual(chapterOf(PULL, tracks, update(4, 9000)), { kind: 'pending' })
    const again = chapterOf(PULL, tracks, update(3, 3400))
    assert.ok(again.kind === 'arrived' && again.again === 1 && again.latencyMs === 600)
  })

  it('knows what a lane did not ask for', () => {
    assert.deepEqual(chapterOf({ ...PULL, since: BASE + 3100 }, tracks, update(2, 3000)), { kind: 'before' })
  })
})

describe('the timeline in numbers', () => {
  it('counts what became of the updates of that time', () => {
    assert.equal(updatesIn('updates', tracks, BASE, BASE + 10_000), 4)
    const { medianMs, ...counts } = laneFacts(PULL, tracks, BASE, BASE + 10_000)
    assert.deepEqual(counts, {
      arrived: 2,
      replaced: 1,
      lost: 0,
      polls: 4,
      emptyPolls: 1,
      failedPolls: 1
    })
    assert.equal(medianMs, 600)
    assert.equal(laneFacts(PUSH, tracks, BASE, BASE + 10_000).arrived, 4)
  })

  it('leaves out what lies before or after', () => {
    const { arrived, replaced, polls } = laneFacts(PULL, tracks, BASE + 1500, BASE + 3200)
    assert.deepEqual([arrived, replaced, polls], [0, 1, 1])
  })
})

describe('the layout of the timeline', () => {
  it('groups lanes below the origin of their stream, none over another', () => {
    const lanes = [{ stream: 'a' }, { stream: 'b' }, { stream: 'a' }]
    const { groups, axis, height } = timelineLayout(lanes, false)
    assert.deepEqual(
      groups.map(({ stream, bands }) => [stream, bands.map(({ lane }) => lane)]),
      [
        ['a', [0, 2]],
        ['b', [1]]
      ]
    )
    const edges = groups.flatMap(({ label, top, bottom, bands }) => [
      label,
      top,
      bottom,
      ...bands.flatMap(band => [band.label, band.top, band.bottom])
    ])
    assert.deepEqual(
      edges,
      [...edges].sort((a, b) => a - b)
    )
    assert.ok((edges.at(-1) ?? 0) < axis && axis < height)
  })

  it('lowers the bands of many lanes, down to what can still be read', () => {
    const heightOf = (count: number) => {
      const { top, bottom } =
        timelineLayout(
          Array.from({ length: count }, () => ({ stream: 'a' })),
          false
        ).groups[0]?.bands[0] ?? assert.fail()
      return bottom - top
    }
    assert.ok(heightOf(2) > heightOf(5))
    assert.equal(heightOf(8), 36)
    assert.equal(heightOf(100), 36)
  })

  it('writes the axis in round steps back from now, with room for the words', () => {
    const ticks = axisTicks(timeScale(0, 30_000, 300), 52)
    assert.deepEqual(
      ticks.map(({ x, agoMs }) => [Math.round(x), agoMs]),
      [
        [300, 0],
        [200, 10_000],
        [100, 20_000],
        [0, 30_000]
      ]
    )
  })

  it('stands an instant on the same fraction of a pixel in every drawing', () => {
    const fractionAt = (edge: number) => {
      const snapped = onWholePixel(edge, 30_000, 387, 1.5)
      assert.ok(snapped <= edge && (edge - snapped) * (387 / 30_000) * 1.5 < 1)
      const x = xOf(timeScale(snapped, 30_000, 387), BASE) * 1.5
      return Math.round((x - Math.floor(x)) * 1000) % 1000
    }
    const first = fractionAt(BASE + 10_000)
    for (const ms of [10_013, 10_411, 10_999, 17_321.5])
      assert.ok(Math.abs(fractionAt(BASE + ms) - first) <= 1)
  })

  it('writes instants on the reader’s clock', () => {
    const local = new Date(2026, 0, 2, 3, 4, 5, 67).getTime()
    assert.equal(clockText(local + 0.25), '03:04:05.067')
  })
})
