import assert from 'node:assert/strict'
import { Redaction } from '../../../nodes/shared/redaction.js'

describe('redaction', () => {
  it('takes secrets out of every text of plain JSON, keys and other values kept', () => {
    const redaction = new Redaction()
    redaction.add('hunter2')
    redaction.add('value of A', '$' + '{A}')
    const told = { hunter2: 1, list: ['x hunter2 y', null, true], deep: { text: 'found "value of A"' } }
    assert.deepEqual(redaction.all(told), {
      hunter2: 1,
      list: ['x ••• y', null, true],
      deep: { text: 'found "$' + '{A}"' }
    })
  })

  it('knows them as they stand in a URL, and the longer one of two that overlap', () => {
    const redaction = new Redaction()
    redaction.add('a b&c')
    redaction.add('secret')
    redaction.add('secret-too', '#')
    assert.equal(redaction.text('?k=a%20b%26c secret-too secret'), '?k=••• # •••')
  })

  it('leaves alone what is too short to be a secret, and what is no text', () => {
    const redaction = new Redaction()
    for (const value of ['', 'ab', 12, undefined]) redaction.add(value)
    assert.equal(redaction.text('ab 12 undefined'), 'ab 12 undefined')
  })
})
