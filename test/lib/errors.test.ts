import assert from 'node:assert/strict'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'

describe('delivery error', () => {
  it('has its code as an own property, which Catch nodes copy', () => {
    const error = new DeliveryError('TIMEOUT', 'Expected an answer, found none')
    assert.equal(Object.hasOwn(error, 'code'), true)
    assert.equal(error.code, 'TIMEOUT')
    assert.equal(error.name, 'DeliveryError')
    assert.equal(error instanceof Error, true)
    assert.equal(String(error), 'DeliveryError: Expected an answer, found none')
  })

  it('keeps the cause', () => {
    const cause = new Error('ECONNRESET')
    assert.equal(new DeliveryError('CONNECTION_LOST', 'x', { cause }).cause, cause)
    assert.equal(asDeliveryError(cause, 'CONNECTION_LOST').cause, cause)
    assert.equal(asDeliveryError(cause, 'CONNECTION_LOST').message, 'ECONNRESET')
  })

  it('leaves an error alone that has a code already', () => {
    const error = new DeliveryError('TIMEOUT', 'x')
    assert.equal(asDeliveryError(error, 'REQUEST_FAILED'), error)
  })

  it('wraps whatever was thrown', () => {
    assert.equal(asDeliveryError('text', 'REQUEST_FAILED').message, 'text')
    assert.equal(asDeliveryError(undefined, 'REQUEST_FAILED').message, 'undefined')
    assert.equal(asDeliveryError(null, 'REQUEST_FAILED').code, 'REQUEST_FAILED')
  })
})
