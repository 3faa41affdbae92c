import assert from 'node:assert/strict'
import {
  custom,
  type Field,
  flag,
  number,
  oneOf,
  readFields,
  reference,
  text
} from '../../../nodes/shared/fields.js'

const read = <T>(field: Field<T>, saved: unknown): T => {
  const outcome = field.read(saved)
  assert.ok('value' in outcome, `${JSON.stringify(saved)}: ${JSON.stringify(outcome)}`)
  return outcome.value
}
const faultOf = (field: Field<unknown>, saved: unknown): string => {
  const outcome = field.read(saved)
  assert.ok('fault' in outcome, `${JSON.stringify(saved)} was accepted`)
  return outcome.fault
}

describe('fields', () => {
  it('a number is read from text as typed, from a number, and is its default when absent or empty', () => {
    const field = number(5, { min: 0, max: 10 })
    assert.equal(field.default, '5')
    for (const [saved, value] of [
      ['7', 7],
      [7, 7],
      [' 7 ', 7],
      ['0', 0],
      ['1e1', 10],
      ['', 5],
      [undefined, 5],
      [null, 5]
    ])
      assert.equal(read(field, saved), value)
  })

  it('a number that is none, not whole or out of bounds is refused, saying both', () => {
    const field = number(5, { min: 1, max: 10, integer: true })
    assert.equal(faultOf(field, 'many'), 'expected a whole number from 1 to 10, found "many"')
    for (const saved of ['0', '11', '1.5', ' ', 'Infinity', 'NaN', '0x', true, {}, [3]]) faultOf(field, saved)
    assert.match(faultOf(number(1, { min: 0 }), '-1'), /of at least 0/)
    assert.match(faultOf(number(1, { max: 0 }), '1'), /of at most 0/)
    assert.equal(faultOf(number(1), 'x'), 'expected a number, found "x"')
  })

  it('a number without a default is null when empty', () => {
    const field = number(null, { min: 1 })
    assert.equal(field.default, '')
    assert.equal(read(field, ''), null)
    assert.equal(read(field, '3'), 3)
  })

  it('a check box is a boolean or its text', () => {
    assert.equal(read(flag(false), 'true'), true)
    assert.equal(read(flag(true), 'false'), false)
    assert.equal(read(flag(true), false), false)
    assert.equal(read(flag(true), ''), true)
    for (const saved of ['yes', 1, 'TRUE']) faultOf(flag(true), saved)
  })

  it('a choice is one of its values, numbers by their text, the first by default', () => {
    const qos = oneOf(0, 1, 2)
    assert.equal(qos.default, '0')
    assert.equal(read(qos, '1'), 1)
    assert.equal(read(qos, 2), 2)
    assert.equal(read(qos, ''), 0)
    assert.match(faultOf(qos, '3'), /0, 1, 2/)
    assert.equal(read(oneOf('clean', 'persistent'), undefined), 'clean')
    faultOf(oneOf('clean', 'persistent'), 'Clean')
  })

  it('text may be checked, and empty may stand for itself', () => {
    assert.equal(read(text('updates'), ''), 'updates')
    assert.equal(read(text('updates', { emptyIsDefault: false }), ''), '')
    assert.equal(read(text('updates', { emptyIsDefault: false }), undefined), 'updates')
    assert.equal(read(text('x'), 5), '5')
    assert.equal(faultOf(text('a', { check: value => (value === 'b' ? 'not b' : null) }), 'b'), 'not b')
    assert.equal(read(reference(), undefined), '')
  })

  it('a custom reader may throw', () => {
    const list = custom('[]', saved => JSON.parse(String(saved)) as unknown)
    assert.deepEqual(read(list, ''), [])
    assert.match(faultOf(list, '['), /JSON/)
  })

  it('reading all names every property that is wrong, and ignores strange ones', () => {
    const fields = { rate: number(1, { min: 0 }), retain: flag(false) }
    assert.deepEqual(readFields(fields, { rate: '2', x: 1 }), { rate: 2, retain: false })
    assert.throws(() => readFields(fields, { rate: '-1', retain: 'maybe' }), {
      code: 'CONFIG_INVALID',
      message:
        'rate: expected a number of at least 0, found "-1"; retain: expected true or false, found "maybe"'
    })
  })
})
