import assert from 'node:assert/strict'
import { ageAt, type Held } from '../../../../panel/model/charts/age-held.js'
import { heldFrom } from '../arrivals.js'

const window = { from: 1000, to: 2000 }
const pairs = ({ from, generated }: Held) => from.map((at, step) => [at, generated[step]])
const arrival = (received: number, generated: number | null) => ({ received, generated })

describe('what a lane held', () => {
  it('begins with the freshest update that came before the window', () => {
    const held = heldFrom([arrival(500, 490), arrival(900, 850), arrival(950, 400)], window)
    assert.deepEqual(pairs(held), [[1000, 850]])
    assert.equal(ageAt(held, 1000), 150)
    assert.equal(ageAt(held, 2000), 1150)
  })

  it('drops at each arrival of a fresher update, exactly there', () => {
    const held = heldFrom([arrival(900, 800), arrival(1300, 1250), arrival(1700, 1600)], window)
    assert.deepEqual(pairs(held), [
      [1000, 800],
      [1300, 1250],
      [1700, 1600]
    ])
    assert.equal(ageAt(held, 1299.99), 1299.99 - 800)
    assert.equal(ageAt(held, 1300), 50)
    assert.equal(ageAt(held, 1700), 100)
    assert.equal(ageAt(held, 1999), 399)
  })

  it('is left alone by an older update, by one without a time, and by what comes after the window', () => {
    const held = heldFrom(
      [arrival(1100, 1090), arrival(1200, 1050), arrival(1300, null), arrival(2100, 2050)],
      window
    )
    assert.deepEqual(pairs(held), [
      [1000, Number.NaN],
      [1100, 1090]
    ])
  })

  it('is not known before the first arrival, nor at an instant before the window', () => {
    const held = heldFrom([arrival(1500, 1400)], window)
    assert.equal(ageAt(held, 1499), null)
    assert.equal(ageAt(held, 1500), 100)
    assert.equal(ageAt(held, 900), null)
  })

  it('is not known from where arrivals are missing until the next one', () => {
    const held = heldFrom([arrival(900, 880), arrival(1500, 1450)], window, {
      gaps: [
        { from: Number.NEGATIVE_INFINITY, until: 850 },
        { from: 1200, until: 1400 }
      ]
    })
    assert.deepEqual(pairs(held), [
      [1000, 880],
      [1200, Number.NaN],
      [1500, 1450]
    ])
  })

  it('forgets what came before a gap at the left edge, and ends in a gap at the right one', () => {
    const gaps = [
      { from: 950, until: 990 },
      { from: 1800, until: 1900 }
    ]
    const held = heldFrom([arrival(900, 880), arrival(1100, 1000)], window, { gaps })
    assert.deepEqual(pairs(held), [
      [1000, Number.NaN],
      [1100, 1000],
      [1800, Number.NaN]
    ])
  })

  it('keeps a negative age: it is a finding about clocks', () => {
    const held = heldFrom([arrival(1100, 1130)], window)
    assert.equal(ageAt(held, 1110), -20)
  })

  it('is what was held before the first arrival, from where that is known', () => {
    const before = arrival(1200, 700)
    assert.deepEqual(pairs(heldFrom([arrival(1500, 1450)], window, { before })), [
      [1000, Number.NaN],
      [1200, 700],
      [1500, 1450]
    ])
    assert.deepEqual(pairs(heldFrom([], window, { before })), [
      [1000, Number.NaN],
      [1200, 700]
    ])
    assert.deepEqual(pairs(heldFrom([], window, { before: arrival(2100, 2000) })), [[1000, Number.NaN]])
  })
})
