import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  checkStreamName,
  streamNameFault,
  streamOfPath,
  streamPath
} from '../../../lib/update/stream-name.js'

describe('stream name', () => {
  for (const name of [
    'updates',
    'house/kitchen/temperature',
    'Straße ä',
    'a.b',
    '...',
    'x'.repeat(200),
    'a$',
    ' '
  ])
    it(`${JSON.stringify(name).slice(0, 30)} is one, and survives a URL path`, () => {
      assert.equal(streamNameFault(name), null)
      assert.equal(checkStreamName(name), name)
      assert.equal(streamOfPath(streamPath(name)), name)
    })

  const bad: [unknown, RegExp][] = [
    ['', /none/],
    [undefined, /none/],
    [5, /none/],
    ['x'.repeat(201), /201/],
    ['$SYS/x', /leading \$/],
    ['a/+/b', /\+/],
    ['a/#', /#/],
    ['a\0b', /NUL/],
    ['/a', /empty level/],
    ['a/', /empty level/],
    ['a//b', /empty level/],
    ['a/./b', /\. and \.\./],
    ['../a', /\. and \.\./],
    ['a\ud800', /surrogate/]
  ]
  for (const [name, message] of bad)
    it(`${JSON.stringify(name)?.slice(0, 30)} is none`, () => {
      assert.match(streamNameFault(name) ?? '', message)
      assert.throws(() => checkStreamName(name), { code: 'STREAM_INVALID', message })
    })

  it('whatever is a stream name survives a URL path, with its slashes as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), name => {
        fc.pre(streamNameFault(name) === null)
        const path = streamPath(name)
        assert.equal(streamOfPath(path), name)
        assert.equal(path.split('/').length, name.split('/').length)
        assert.doesNotThrow(() => new URL(path, 'http://x/'))
      }),
      { seed: 1 }
    )
  })

  it('a path that is not well formed names no stream', () => {
    for (const path of ['', '%', 'a%2', '%ff', 'a%2F..', 'a/..', '%2e%2e/x', 'a%00b'])
      assert.equal(streamOfPath(path), null, path)
  })
})
