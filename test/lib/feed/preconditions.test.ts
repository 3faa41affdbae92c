import assert from 'node:assert/strict'
import { namesAnything, namesTag, preferredWait } from '../../../lib/feed/preconditions.js'

describe('If-None-Match', () => {
  it('names a tag strongly, weakly and in a list', () => {
    for (const condition of ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a" ,"c"', '"x,y" , "a"'])
      assert.equal(namesTag(condition, '"a"'), true, condition)
  })

  it('names no other tag', () => {
    for (const condition of ['"b"', 'a', '"A"', '"aa"', '"b, a"', 'w/"b"', '', '*'])
      assert.equal(namesTag(condition, '"a"'), false, condition)
  })

  it('stands for anything as *', () => {
    assert.equal(namesAnything(' * '), true)
    assert.equal(namesAnything('"*"'), false)
  })
})

describe('Prefer: wait', () => {
  it('is whole seconds, shortened to the longest hold', () => {
    const cases: [string, number][] = [
      ['wait=10', 10],
      ['wait=0', 0],
      ['Wait = 5', 5],
      ['wait="7"', 7],
      ['wait=600', 60],
      ['respond-async, wait=3', 3],
      ['wait=3; foo=bar', 3],
      ['foo="a, wait=9", wait=2', 2],
      ['wait=4, wait=9', 4]
    ]
    for (const [prefer, seconds] of cases) assert.equal(preferredWait(prefer, 60), seconds, prefer)
  })

  it('is ignored when it is none', () => {
    for (const prefer of [
      '',
      'wait',
      'wait=',
      'wait=-1',
      'wait=1.5',
      'wait=ten',
      'waiting=5',
      'wait=x, wait=5'
    ])
      assert.equal(preferredWait(prefer, 60), null, prefer)
  })
})
