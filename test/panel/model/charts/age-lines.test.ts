import assert from 'node:assert/strict'
import { ageAt } from '../../../../panel/model/charts/age-held.js'
import { ageLines } from '../../../../panel/model/charts/age-lines.js'
import { seededRandom } from '../../../helpers/random.js'
import { heldFrom } from '../arrivals.js'

const window = { from: 1000, to: 2000, columns: 100, curved: false }

describe('the sawtooth of a lane', () => {
  it('has each corner twice: the age just before it drops, and just after', () => {
    const held = heldFrom(
      [
        { received: 900, generated: 800 },
        { received: 1300, generated: 1250 },
        { received: 1700, generated: 1600 }
      ],
      window
    )
    // by hand: 200 at the left edge, 500 → 50, 450 → 100, 400 at the right edge
    assert.deepEqual(ageLines([held], window), {
      at: [-1000, -700, -700, -300, -300, 0],
      ages: [[200, 500, 50, 450, 100, 400]],
      dense: false
    })
  })

  it('has no point where only another lane has a corner, and an interruption where nothing is known', () => {
    const one = heldFrom([{ received: 1400, generated: 1350 }], window)
    const other = heldFrom([{ received: 500, generated: 400 }], window)
    assert.deepEqual(ageLines([one, other], window), {
      at: [-1000, -600, -600, 0],
      ages: [
        [null, null, 50, 650],
        [600, undefined, undefined, 1600]
      ],
      dense: false
    })
  })

  it('is followed between its corners where the axis bends it', () => {
    const held = heldFrom([{ received: 500, generated: 400 }], window)
    const { at, ages } = ageLines([held], { ...window, columns: 4, curved: true })
    assert.deepEqual(at, [-1000, -750, -250, 0])
    assert.deepEqual(ages, [[600, 850, 1350, 1600]])
  })
})

describe('more corners than columns of pixels', () => {
  const random = seededRandom(3)
  const arrivals: { received: number; generated: number }[] = []
  for (let received = 0; received < 30_000; received += 1 + random() * 9)
    arrivals.push({ received, generated: received - 1 - random() * 4 })
  // one pause makes one peak
  const kept = arrivals.filter(({ received }) => received < 17_000 || received > 17_500)
  const area = { from: 10_000, to: 30_000, columns: 200, curved: false }
  const held = heldFrom(kept, area)
  const { at, ages, dense } = ageLines([held], area)
  const values = ages[0] ?? []

  it('become two points a column, ascending and within the window', () => {
    assert.ok(held.from.length > 2000)
    assert.equal(dense, true)
    assert.equal(at.length, 400)
    assert.equal(values.length, 400)
    for (const [place, instant] of at.entries()) {
      assert.ok(instant >= -20_000 && instant <= 0)
      assert.ok(place === 0 || instant > (at[place - 1] ?? 0))
    }
  })

  it('keep the greatest and the least age of each column', () => {
    for (let column = 0; column < 200; column += 1) {
      const [begin, end] = [10_000 + column * 100, 10_100 + column * 100]
      const seen: number[] = []
      for (const [place, from] of held.from.entries()) {
        // just before each drop, at it, and at the edges of the column
        if (from > begin && from < end) seen.push(ageAt(held, from) ?? 0)
        const before = held.generated[place - 1] ?? null
        if (from > begin && from <= end && before !== null) seen.push(from - before)
      }
      seen.push(ageAt(held, begin) ?? 0)
      const last = held.generated[held.from.findLastIndex(from => from < end)] ?? 0
      seen.push(end - last)
      const pair = values.slice(column * 2, column * 2 + 2).map(Number)
      assert.ok(Math.abs(Math.max(...pair) - Math.max(...seen)) < 1e-6, `greatest of column ${column}`)
      assert.ok(Math.abs(Math.min(...pair) - Math.min(...seen)) < 1e-6, `least of column ${column}`)
    }
  })

  it('keep the one peak', () => {
    const peak = Math.max(...values.map(Number))
    assert.ok(peak > 490, `${peak}`)
  })

  it('stay what they are while the picture moves by whole columns', () => {
    const moved = { ...area, from: 10_300, to: 30_300 }
    const later = ageLines([heldFrom(kept, moved)], moved).ages[0] ?? []
    assert.deepEqual(later.slice(0, 394), values.slice(6))
  })

  it('rise within a column, and fall where the age drops in it', () => {
    const few = { from: 0, to: 400, columns: 4, curved: false }
    const teeth = [150, 151, 152, 153, 154, 155, 156, 157, 158, 350].map(received => ({
      received,
      generated: received - 5
    }))
    const { ages } = ageLines([heldFrom([{ received: -50, generated: -60 }, ...teeth], few)], few)
    // 60 to 160; 210 just before the first drop, 5 after it; 47 to 147; 197 before the last, 5 after it
    assert.deepEqual(ages, [[60, 160, 210, 5, 47, 147, 197, 5]])
  })

  it('lie at multiples of their width, whatever the window', () => {
    const moved = { ...area, from: 10_030, to: 30_030 }
    const { at } = ageLines([heldFrom(kept, moved)], moved)
    assert.equal(at.length, 402)
    const instants = at.map(ago => Math.round(ago + 30_030))
    assert.deepEqual(instants.slice(0, 4), [10_048, 10_083, 10_125, 10_175])
    assert.deepEqual(instants.slice(-2), [30_008, 30_023])
  })

  it('have an interruption where nothing is known for a whole column', () => {
    const gaps = [{ from: 15_050, until: 15_350 }]
    const holed = heldFrom(
      kept.filter(({ received }) => received < 15_050 || received > 15_350),
      area,
      { gaps }
    )
    const ages = ageLines([holed], area).ages[0] ?? []
    assert.deepEqual(ages.slice(102, 106), [null, null, null, null])
    assert.ok(ages.slice(0, 102).every(age => age !== null) && ages.slice(106).every(age => age !== null))
  })
})
