import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

const html = readFileSync('nodes/shared/editor/tries.html', 'utf8')
const { tries } = JSON.parse(readFileSync('nodes/shared/editor/locales/en-US/tries.json', 'utf8')) as {
  tries: object
}
const keysOf = (node: object, path = ''): string[] =>
  Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [path + key] : keysOf(value, `${path}${key}.`)
  )

describe('the words of Try it', () => {
  const known = keysOf(tries)

  it('are all there', () => {
    const asked = [
      ...[...html.matchAll(/\bsay\('([\w.]+)'/g)].map(([, key = '']) => key),
      ...[...html.matchAll(/\bfact\(\w+, '(\w+)'/g)].map(([, key = '']) => `label.${key}`),
      ...[...html.matchAll(/\bcounted\('(\w+)'/g)].flatMap(([, key = '']) => [`${key}.one`, `${key}.many`])
    ]
    assert.ok(asked.length > 30)
    assert.deepEqual(
      asked.filter(key => !known.includes(key)),
      []
    )
  })

  it('are all used', () => {
    const used = (key: string) => {
      const last = key.split('.').at(-1) ?? ''
      return new RegExp(`'${key}'|'${last}'|\\b${last}\\b`).test(html) || /\.(one|many)$/.test(key)
    }
    // what the runtime says of a port and a subscription
    const told = [
      'refused',
      'port.free',
      'port.any',
      'port.own',
      'label.port',
      'label.wsPort',
      'hint.poll',
      'hint.broker'
    ]
    assert.deepEqual(
      known.filter(key => !used(key) && !told.includes(key)),
      []
    )
  })

  it('what a foreign server said is never part of one: i18n would fill its places', () => {
    for (const [call] of html.matchAll(/\bsay\([^)]*\{[^)]*\)/g))
      assert.doesNotMatch(call, /message|topic\b|\.id\b|headers|address/, call)
  })

  it('nothing is made of HTML that was put together', () => {
    assert.doesNotMatch(html, /\.html\(|innerHTML|insertAdjacent|\$\(`/)
  })
})
