import assert from 'node:assert/strict'
import { timelinePicture } from '../../../../panel/model/timeline/picture.js'
import { timeScale } from '../../../../panel/model/timeline/scale.js'
import { Tracks } from '../../../../panel/model/tracks.js'
import { BASE, PULL, PUSH, page, tracksOf } from './events.js'

/** 10 s in 1000 px: 100 px a second, from BASE to BASE + 10 s. */
const scale = timeScale(BASE + 10_000, 10_000, 1000)
const near = (actual: number | undefined, expected: number) =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < 0.01,
    `expected ${expected}, found ${actual}`
  )

describe('the picture of the timeline', () => {
  it('draws a delivery from the instant of generation to that of arrival: push steep, pull slanted', () => {
    const tracks = tracksOf({
      updates: [[0, 1, 1000]],
      deliveries: [
        [0, 0, 1, 1000, 1003, 0],
        [1, 0, 1, 1000, 2500, 0]
      ]
    })
    const [push, pull] = timelinePicture([PUSH, PULL], tracks, scale).lanes
    near(push?.deliveries.lines[0]?.from, 100)
    near(push?.deliveries.lines[0]?.to, 100.3)
    near(pull?.deliveries.lines[0]?.from, 100)
    near(pull?.deliveries.lines[0]?.to, 250)
    assert.deepEqual(push?.deliveries.areas, [])
  })

  it('puts a tick on the origin for each update, those that no lane got too', () => {
    const { ticks } = timelinePicture(
      [PULL],
      tracksOf({
        updates: [
          [0, 1, 1000],
          [0, 2, 2500]
        ]
      }),
      scale
    )
    const places = ticks.get('updates')?.places ?? []
    assert.equal(places.length, 2)
    near(places[0], 100)
    near(places[1], 250)
    assert.equal(ticks.get('updates')?.guides.length, 2)
  })

  it('ends a superseded update where the newer one was generated, on its way to the poll that it missed', () => {
    const tracks = tracksOf({
      updates: [
        [0, 1, 1000],
        [0, 2, 2000],
        [0, 3, 2500]
      ],
      deliveries: [
        [1, 0, 1, 1000, 1500, 0],
        [1, 0, 3, 2500, 4000, 0]
      ]
    })
    const { missed } = timelinePicture([PULL], tracks, scale).lanes[0] ?? assert.fail()
    assert.equal(missed.replaced.length, 1)
    const [line] = missed.replaced
    near(line?.from, 200)
    near(line?.toward, 400)
    // 2.5 s is a quarter of the way from 2 s to 4 s
    near(line?.share, 0.25)
    assert.deepEqual(missed.lost, [])
  })

  it('calls a gap in a lane that reads everything lost, and draws no cross of a replacement', () => {
    const tracks = tracksOf({
      updates: [
        [0, 1, 1000],
        [0, 2, 2000],
        [0, 3, 3000]
      ],
      deliveries: [
        [0, 0, 1, 1000, 1001, 0],
        [0, 0, 3, 3000, 3001, 0]
      ]
    })
    const { missed } = timelinePicture([PUSH], tracks, scale).lanes[0] ?? assert.fail()
    near(missed.lost[0], 200)
    assert.deepEqual([missed.lost.length, missed.replaced.length, missed.crosses.length], [1, 0, 0])
  })

  it('counts what came out of order as arrived', () => {
    const tracks = tracksOf({
      updates: [
        [0, 1, 1000],
        [0, 2, 2000]
      ],
      deliveries: [
        [0, 0, 2, 2000, 2001, 0],
        [0, 0, 1, 1000, 2100, 0]
      ]
    })
    const { missed, deliveries } = timelinePicture([PUSH], tracks, scale).lanes[0] ?? assert.fail()
    assert.deepEqual([missed.lost, deliveries.lines.length], [[], 2])
  })

  it('claims no loss where more happened than could be heard, and says where that was', () => {
    const tracks = new Tracks()
    const lost = (): number =>
      timelinePicture([PUSH], tracks, scale).lanes[0]?.missed.lost.length ?? assert.fail()
    tracks.add(
      page({ now: BASE + 1500, deliveries: [[0, 0, 1, 1000, 1001, 0]], updates: [[0, 1, 1000]] }),
      BASE
    )
    tracks.add(
      page({
        now: BASE + 4000,
        missed: 7,
        updates: [
          [0, 2, 2000],
          [0, 4, 3500],
          [0, 5, 3600]
        ],
        deliveries: [[0, 0, 5, 3600, 3601, 0]]
      }),
      BASE
    )
    const { unheard } = timelinePicture([PUSH], tracks, scale)
    near(unheard[0]?.from, 150)
    near(unheard[0]?.to, 200)
    // update 4 was generated after the gap: that one is lost indeed
    assert.equal(lost(), 1)
  })

  it('says too what it has forgotten, because more happened than it keeps', () => {
    // each one twice: the lane forgets sooner than the stream
    const twice = (n: number) => {
      const sequence = n >> 1
      const generated = sequence * 1.6
      return n % 2 === 0
        ? ([0, 0, sequence, generated, generated + 1, 0] as const)
        : ([0, 0, sequence, generated, generated + 1.1, 2] as const)
    }
    const many = tracksOf({ deliveries: Array.from({ length: 12_500 }, (_, n) => twice(n)) })
    const { unheard, lanes } = timelinePicture([PUSH], many, scale)
    assert.equal(unheard.length, 1)
    near(unheard[0]?.from, 0)
    // the 250 oldest: 0.4 s
    assert.ok(Math.abs((unheard[0]?.to ?? 0) - 40) < 1, `found ${unheard[0]?.to}`)
    assert.deepEqual(lanes[0]?.missed.lost, [])
    assert.deepEqual(timelinePicture([PULL], tracksOf({}), scale).unheard, [])
  })

  it('takes what was generated before the lane began for nobody’s loss', () => {
    const tracks = tracksOf({
      updates: [
        [0, 1, 1000],
        [0, 2, 2000],
        [0, 3, 3000]
      ],
      deliveries: [[1, 0, 3, 3000, 3500, 0]]
    })
    const late = { ...PULL, since: BASE + 1500 }
    const { missed } = timelinePicture([late], tracks, scale).lanes[0] ?? assert.fail()
    near(missed.replaced[0]?.from, 200)
    assert.equal(missed.replaced.length, 1)
  })

  it('lets an update that waits grow towards the poll to be expected', () => {
    const tracks = tracksOf({
      updates: [
        [0, 1, 9000],
        [0, 2, 9500]
      ],
      exchanges: [
        [1, 'not-modified', 4990, 5000, 0, 304],
        [1, 'not-modified', 7990, 8000, 0, 304]
      ],
      deliveries: [[1, 0, 0, 100, 200, 0]]
    })
    const { missed } = timelinePicture([PULL], tracks, scale).lanes[0] ?? assert.fail()
    // the next poll is at 11 s: the newest update waits for it, the other one is replaced already
    assert.equal(missed.pending.length, 1)
    near(missed.pending[0]?.first, 950)
    near(missed.pending[0]?.last, 950)
    near(missed.pending[0]?.toward, 1100)
    near(missed.replaced[0]?.from, 900)
    near(missed.replaced[0]?.share, 0.25)
  })

  it('tells duplicates, catch-up and arrivals of unknown age apart', () => {
    const tracks = tracksOf({
      deliveries: [
        [0, 0, 1, 500, 1000, 1],
        [0, 0, 1, 500, 2000, 2],
        [0, null, 'foreign', null, 3000, 0]
      ]
    })
    const { deliveries } = timelinePicture([PUSH], tracks, scale).lanes[0] ?? assert.fail()
    assert.deepEqual(
      deliveries.lines.map(({ kind }) => kind),
      ['catch-up']
    )
    near(deliveries.duplicates[0], 200)
    near(deliveries.unknown[0], 300)
  })

  it('shades faults, while they last up to the end', () => {
    const { faults } = timelinePicture(
      [PUSH],
      tracksOf({
        faults: [
          ['outage', 'broker', 2000, 3000],
          ['outage', 'feed', 9000, null]
        ]
      }),
      scale
    )
    near(faults[0]?.from, 200)
    near(faults[0]?.to, 300)
    near(faults[1]?.from, 900)
    near(faults[1]?.to, 1150)
  })

  it('shades outages only at the lanes that had them', () => {
    const faults = [['outage', 'broker', 2000, 3000]] as const
    const had = { ...PUSH, outages: [{ from: BASE + 2000, back: BASE + 3100 }] }
    const picture = timelinePicture([had, { ...PULL, outages: [] }], tracksOf({ faults }), scale)
    assert.deepEqual(picture.faults, [])
    const [push, pull] = picture.lanes
    near(push?.outages[0]?.from, 200)
    near(push?.outages[0]?.to, 310)
    assert.deepEqual(pull?.outages, [])
  })
})

describe('the polls of the timeline', () => {
  const polls = (rows: Parameters<typeof tracksOf>[0]['exchanges'], lane = PULL) =>
    (timelinePicture([lane], tracksOf({ exchanges: rows ?? [] }), scale).lanes[0] ?? assert.fail()).polls

  it('marks each poll by its outcome at its end, failures last, so that they lie on top', () => {
    const { marks } = polls([
      [1, 'timeout', 900, 1000, 0, 'TIMEOUT'],
      [1, 'updated', 1990, 2000, 1, 200],
      [1, 'not-modified', 2990, 3000, 0, 304],
      [1, 'throttled', 3990, 4000, 0, 429],
      [1, 'error', 4990, 5000, 0, 500],
      [1, 'empty', 5990, 6000, 0, 200]
    ])
    assert.deepEqual(
      marks.map(({ kind, x }) => [kind, Math.round(x)]),
      [
        ['held-back', 400],
        ['empty', 300],
        ['empty', 600],
        ['updated', 200],
        ['failed', 100],
        ['failed', 500]
      ]
    )
  })

  it('draws a request that was held as a bar from its start to its end, a quick one only as its mark', () => {
    const { holds } = polls([
      [1, 'updated', 1000, 4000, 1, 200],
      [1, 'updated', 5000, 5010, 1, 200]
    ])
    assert.equal(holds.length, 1)
    near(holds[0]?.from, 100)
    near(holds[0]?.to, 400)
  })

  it('shows the request that a long poll has open now, but not after a failure', () => {
    const long = { ...PULL, trigger: 'long-poll' as const }
    near(polls([[1, 'updated', 1000, 4000, 1, 200]], long).open?.from, 400)
    assert.equal(polls([[1, 'error', 1000, 4000, 0, null]], long).open, null)
    assert.equal(polls([[1, 'updated', 1000, 4000, 1, 200]]).open, null)
  })

  it('shades a lane while it has no connection', () => {
    const lanes = timelinePicture(
      [PUSH],
      tracksOf({
        exchanges: [
          [0, 'connected', 0, 100, 0, null],
          [0, 'disconnected', 2000, 2000, 0, null],
          [0, 'connected', 2000, 3000, 0, null],
          [0, 'disconnected', 8000, 8000, 0, null]
        ]
      }),
      scale
    ).lanes
    const offline = lanes[0]?.polls.offline ?? []
    assert.deepEqual(
      offline.map(({ from, to }) => [Math.round(from), Math.round(to)]),
      [
        [200, 300],
        [800, 1150]
      ]
    )
  })

  it('makes one mark of polls that would lie on each other, and keeps it in the next drawing', () => {
    const rows = Array.from(
      { length: 200 },
      (_, n) => [1, 'empty', n * 50 - 1, n * 50, 0, 200] as [number, 'empty', number, number, number, number]
    )
    const { marks } = polls(rows)
    assert.ok(marks.length <= 1000 / 8 + 1, `${marks.length} marks`)
    assert.equal(
      marks.reduce((sum, mark) => sum + mark.polls, 0),
      200
    )
    const later = timelinePicture(
      [PULL],
      tracksOf({ exchanges: rows }),
      timeScale(BASE + 10_400, 10_000, 1000)
    ).lanes[0]?.polls.marks
    const middle = marks.filter(({ x }) => x > 100 && x < 900).map(({ x }) => Math.round(x - 40))
    const moved = (later ?? []).map(({ x }) => Math.round(x))
    assert.deepEqual(
      middle.filter(x => !moved.includes(x)),
      []
    )
  })
})

describe('the timeline at high rates', () => {
  /** 200 updates a second for 10 s, pushed, and polled every 2 s from a log. */
  const rows = Array.from({ length: 2000 }, (_, n) => n)
  const tracks = tracksOf({
    updates: rows.map(n => [0, n, n * 5]),
    deliveries: rows.flatMap(n => [
      [0, 0, n, n * 5, n * 5 + 2, 0] as const,
      [1, 0, n, n * 5, Math.ceil((n * 5 + 1) / 2000) * 2000, 0] as const
    ])
  })

  it('fills an area where lines would merge: one strip of pushes, one triangle for each poll', () => {
    const log = { ...PULL, read: 'log' as const }
    const [push, pull] = timelinePicture([PUSH, log], tracks, scale).lanes
    assert.equal((push?.deliveries.areas.length ?? 0) + (push?.deliveries.lines.length ?? 0), 1)
    near(push?.deliveries.areas[0]?.fromLeft, 0)
    near(push?.deliveries.areas[0]?.toRight, 999.7)
    assert.equal(pull?.deliveries.areas.length, 5)
    near(pull?.deliveries.areas[1]?.fromLeft, 200)
    near(pull?.deliveries.areas[1]?.fromRight, 399.5)
    near(pull?.deliveries.areas[1]?.toLeft, 400)
    near(pull?.deliveries.areas[1]?.toRight, 400)
  })

  it('draws at most a cross for each width of a cross', () => {
    const polled = tracksOf({
      updates: rows.map(n => [0, n, n * 5]),
      deliveries: [0, 400, 800, 1200, 1600, 1999].map(n => [1, 0, n, n * 5, n * 5 + 1, 0] as const)
    })
    const { missed } = timelinePicture([PULL], polled, scale).lanes[0] ?? assert.fail()
    assert.equal(missed.replaced.length, 0)
    assert.ok(missed.crosses.length > 100 && missed.crosses.length <= 1000 / 7 + 2)
    assert.equal(timelinePicture([PULL], polled, scale).ticks.get('updates')?.guides.length, 1)
  })

  it('bounds lines by pixels when latencies jump about', () => {
    let state = 1
    const random = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    const wild = tracksOf({
      deliveries: Array.from({ length: 12_000 }, (_, n) => [0, 0, n, n * 0.8, n * 0.8 + 30 * random(), 0])
    })
    const { deliveries } = timelinePicture([PUSH], wild, scale).lanes[0] ?? assert.fail()
    // at most 3 px of latency, so at most four lines end in one column
    assert.ok(deliveries.lines.length + deliveries.areas.length <= 4 * 1000)
  })
})
