import assert from 'node:assert/strict'
import { Seen } from '../../../lib/poll/cursor.js'
import { isLoopback, proxyFor } from '../../../lib/poll/proxy.js'
import { type Hop, nextHop } from '../../../lib/poll/redirects.js'
import { requestHeaders } from '../../../lib/poll/request-headers.js'
import { parseHttpDate, retryAfter } from '../../../lib/poll/retry-after.js'

describe('Retry-After', () => {
  const sent = 'Sun, 06 Nov 1994 08:49:37 GMT'
  const at = Date.UTC(1994, 10, 6, 8, 49, 37)

  it('is seconds from the answer on, or a date in any of its three forms', () => {
    assert.equal(retryAfter('120', undefined, 1000), 121_000)
    for (const form of [sent, 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])
      assert.equal(parseHttpDate(form), at)
  })

  it('is never shortened by a difference of clocks', () => {
    const until = new Date(at + 30_000).toUTCString()
    assert.equal(retryAfter(until, sent, at + 3_600_000), at + 3_630_000)
    assert.equal(retryAfter(until, sent, at - 3_600_000), at + 30_000)
  })

  it('is none when nobody can read it', () => {
    for (const text of ['', 'soon', '-1', '1.5', '2030-01-01', undefined])
      assert.equal(retryAfter(text, sent, 0), null)
  })
})

describe('the proxy of a request', () => {
  const choose = (url: string, environment: Record<string, string>) =>
    proxyFor(new URL(url), { configured: null, environment })?.url.href ?? null

  it('is the one of its protocol in the environment', () => {
    const environment = {
      HTTP_PROXY: 'http://p:1',
      https_proxy: 'q:2',
      NO_PROXY: 'a.test, .b.test c.test:8443'
    }
    assert.equal(choose('http://x.test/', environment), 'http://p:1/')
    assert.equal(choose('https://x.test/', environment), 'http://q:2/')
    assert.equal(choose('http://a.test/', environment), null)
    assert.equal(choose('http://www.b.test/', environment), null)
    assert.equal(choose('http://c.test/', environment), 'http://p:1/')
    assert.equal(choose('https://c.test:8443/', environment), null)
    assert.equal(choose('http://x.test/', { ...environment, NO_PROXY: '*' }), null)
    assert.equal(choose('http://x.test/', {}), null)
  })

  it('is none for loopback, whatever is configured', () => {
    const configured = { url: new URL('http://p:1'), except: ['x.test'] }
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]', 'feed.localhost']) {
      assert.ok(isLoopback(new URL(`http://${host}:80/`)), host)
      assert.equal(proxyFor(new URL(`http://${host}/`), { configured, environment: {} }), null)
    }
    assert.equal(proxyFor(new URL('http://y.test/'), { configured, environment: {} }), configured)
    assert.equal(
      proxyFor(new URL('http://x.test/'), { configured, environment: { http_proxy: 'http://q' } }),
      null
    )
  })
})

describe('redirects', () => {
  const hop = (url: string, headers: Record<string, string> = {}): Hop => ({
    url: new URL(url),
    headers,
    trusted: true
  })

  it('keep everything on one origin, and drop every secret across origins', () => {
    const headers = {
      accept: '*/*',
      authorization: 'Basic x',
      cookie: 'a=b',
      'x-api-key': 'k',
      'x-device': 'secret by configuration',
      host: 'a.test'
    }
    const same = nextHop(hop('https://a.test/x', headers), '/y', 0, 'x-device')
    assert.deepEqual([same.headers, same.trusted, same.url.href], [headers, true, 'https://a.test/y'])
    const other = nextHop(hop('https://a.test/x', headers), 'https://u:p@b.test/y', 0, 'x-device')
    assert.deepEqual(
      [other.headers, other.trusted, other.url.href],
      [{ accept: '*/*' }, false, 'https://b.test/y']
    )
    const back = nextHop(other, 'https://a.test/', 1, 'x-device')
    assert.deepEqual([back.headers, back.trusted], [{ accept: '*/*' }, false])
    assert.equal(nextHop(hop('http://a.test/'), 'http://a.test:81/', 0, '').trusted, false)
  })

  it('are refused down to http, elsewhere than HTTP, without a Location, and beyond five', () => {
    const refused = (url: string, location: string | undefined, hops: number, code: string) =>
      assert.throws(() => nextHop(hop(url), location, hops, ''), { code })
    refused('https://a.test/', 'http://a.test/', 0, 'REDIRECT_INVALID')
    refused('http://a.test/', 'file:///etc/passwd', 0, 'REDIRECT_INVALID')
    refused('http://a.test/', undefined, 0, 'REDIRECT_INVALID')
    refused('http://a.test/', 'http://[', 0, 'REDIRECT_INVALID')
    refused('http://a.test/', '/', 5, 'TOO_MANY_REDIRECTS')
    assert.equal(nextHop(hop('http://a.test/'), '/', 4, '').url.href, 'http://a.test/')
  })
})

describe('request headers', () => {
  it('let the user win, and refuse what HTTP cannot carry or what is not theirs', () => {
    const headers = requestHeaders(
      '*/*',
      { type: 'bearer', token: 't' },
      { Accept: 'text/csv', 'X-A': '', 'x-b': '1' }
    )
    assert.equal(headers.accept, 'text/csv')
    assert.equal(headers.authorization, 'Bearer t')
    assert.equal(headers['x-b'], '1')
    assert.ok(!('x-a' in headers))
    for (const [name, value] of [
      ['a b', '1'],
      ['connection', 'close'],
      ['x-a', 'two\r\nlines']
    ] as const)
      assert.throws(() => requestHeaders('*/*', { type: 'none' }, { [name]: value }), {
        code: 'HEADER_INVALID'
      })
    assert.equal(
      requestHeaders('*/*', { type: 'basic', username: 'u', password: 'ü' }, {}).authorization,
      `Basic ${Buffer.from('u:ü').toString('base64')}`
    )
  })
})

describe('the keys of items seen', () => {
  it('are those of the last document and the last of the bound', () => {
    const seen = new Seen([], 3)
    seen.remember(['a', 'b'])
    seen.remember(['c', 'd'])
    assert.deepEqual(seen.list(), ['b', 'c', 'd'])
    seen.remember(['b'])
    assert.deepEqual(seen.list(), ['c', 'd', 'b'])
    seen.remember(['1', '2', '3', '4', '5'])
    assert.deepEqual(seen.list(), ['1', '2', '3', '4', '5'])
    seen.remember(['1'])
    assert.deepEqual(seen.list(), ['4', '5', '1'])
  })
})
