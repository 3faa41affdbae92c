import assert from 'node:assert/strict'
import { accessGuard, checkExposure } from '../../../lib/feed/access.js'

const OPEN = { host: '127.0.0.1', token: null, anonymous: false }

describe('access to a feed', () => {
  it('is open to local names while nobody has to show a token', () => {
    const guard = accessGuard(OPEN, true)
    for (const host of [
      '127.0.0.1',
      '127.0.0.1:1234',
      '127.1.2.3:9',
      'localhost',
      'LOCALHOST:80',
      '[::1]:80',
      '[::1]',
      '127.1',
      undefined
    ])
      assert.equal(guard(host, undefined), null, host)
  })

  it('is refused under a foreign name', () => {
    const guard = accessGuard(OPEN, true)
    for (const host of [
      'example.com',
      'example.com:80',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '10.0.0.1',
      '[::2]',
      '',
      'a@localhost',
      'localhost/x',
      '::1'
    ])
      assert.equal(guard(host, undefined), 'host', host)
  })

  it('is granted under the configured name, whatever the port', () => {
    const guard = accessGuard({ ...OPEN, host: 'Feed.local' }, true)
    assert.equal(guard('feed.LOCAL:99', undefined), null)
    assert.equal(guard('other.local', undefined), 'host')
  })

  it('does not ask for a name off loopback or when everybody has to show a token', () => {
    assert.equal(accessGuard({ ...OPEN, anonymous: true }, false)('example.com', undefined), null)
    assert.equal(accessGuard({ ...OPEN, token: 's' }, true)('example.com', 'Bearer s'), null)
    assert.equal(
      accessGuard({ ...OPEN, token: 's', anonymous: true }, true)('example.com', 'Bearer s'),
      'host'
    )
  })

  it('needs the token', () => {
    const guard = accessGuard({ ...OPEN, token: 'secret' }, true)
    for (const given of [
      undefined,
      '',
      'secret',
      'Bearer',
      'Bearer ',
      'Bearer Secret',
      'Bearer secret2',
      'Basic secret'
    ])
      assert.equal(guard('localhost', given), 'token', given)
    for (const given of ['Bearer secret', 'bearer secret', 'BEARER  secret'])
      assert.equal(guard('localhost', given), null, given)
  })

  it('lets in both, but no wrong token, when anonymous clients are let in beside a token', () => {
    const guard = accessGuard({ ...OPEN, token: 'secret', anonymous: true }, true)
    assert.equal(guard('localhost', undefined), null)
    assert.equal(guard('localhost', 'Bearer secret'), null)
    assert.equal(guard('localhost', 'Bearer wrong'), 'token')
  })

  it('needs a token or permission off loopback', () => {
    const off = { ...OPEN, host: '0.0.0.0' }
    assert.throws(() => checkExposure(off, false), { code: 'CREDENTIALS_REQUIRED' })
    checkExposure({ ...off, anonymous: true }, false)
    checkExposure({ ...off, token: 's' }, false)
    checkExposure(OPEN, true)
  })
})
