import assert from 'node:assert/strict'
import { parsePayload } from '../../../lib/update/payload.js'

describe('a foreign body', () => {
  it('is its JSON value when it is JSON', () => {
    assert.deepEqual(parsePayload(Buffer.from('{"t":21.5}')), { t: 21.5 })
    assert.equal(parsePayload(Buffer.from('21.5')), 21.5)
    assert.equal(parsePayload(Buffer.from('null')), null)
  })

  it('is text when it is UTF-8 but no JSON, the empty body included', () => {
    assert.equal(parsePayload(Buffer.from('{"t":')), '{"t":')
    assert.equal(parsePayload(Buffer.from('grün')), 'grün')
    assert.equal(parsePayload(new Uint8Array()), '')
  })

  it('stays a Buffer when it is not UTF-8, also as a view into a larger one', () => {
    const whole = new Uint8Array([1, 0xff, 0xfe, 2])
    const found = parsePayload(whole.subarray(1, 3))
    assert.ok(Buffer.isBuffer(found))
    assert.deepEqual([...found], [0xff, 0xfe])
  })
})
