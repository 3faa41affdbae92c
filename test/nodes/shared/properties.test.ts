import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import type { Node, NodeAPI } from 'node-red'
import { readFields } from '../../../nodes/shared/fields.js'
import { finder, finders, propertyFields } from '../../../nodes/shared/properties.js'

const RED = { util: createRequire(import.meta.url)('@node-red/util').util } as NodeAPI
const node = { id: 'n1' } as Node
const find = (source: string, type: 'path' | 'jsonata') => finder(RED, node, 'idProperty', source, type)

describe('a property of a foreign payload', () => {
  it('is found by its path, from the item on', () => {
    const item = { properties: { time: 5, codes: ['a', 'b'] }, 'odd key': 1 }
    assert.equal(find('properties.time', 'path')?.(item), 5)
    assert.equal(find('properties.codes[1]', 'path')?.(item), 'b')
    assert.equal(find('["odd key"]', 'path')?.(item), 1)
  })

  it('is undefined where the document has none, however deep, and in plain values', () => {
    for (const item of [{}, null, undefined, 7, 'text', { a: null }, { a: { b: 1 } }])
      assert.equal(find('a.b.c', 'path')?.(item), undefined)
    assert.equal(find('constructor', 'path')?.({}), undefined)
  })

  it('is found by an expression', async () => {
    assert.equal(await find('$.readings[-1].t * 2', 'jsonata')?.({ readings: [{ t: 1 }, { t: 4 }] }), 8)
    assert.equal(await find('$', 'jsonata')?.(21.5), 21.5)
  })

  it('is EXPRESSION_INVALID at the start when it cannot be read, naming the property', () => {
    const named = { code: 'EXPRESSION_INVALID', message: /^idProperty: expected .*, found ".*": ./ }
    assert.throws(() => find('a..b', 'path'), named)
    assert.throws(() => find('a[msg.topic]', 'path'), named)
    assert.throws(() => find('$sum(', 'jsonata'), named)
  })

  it('is EXPRESSION_INVALID when the expression fails on an item', async () => {
    await assert.rejects(async () => find('$number(a)', 'jsonata')?.({ a: 'x' }), {
      code: 'EXPRESSION_INVALID'
    })
  })

  it('is asked for only where it is set', () => {
    const found = finders(
      RED,
      node,
      readFields(propertyFields, { idProperty: 'id', timePropertyType: 'jsonata' })
    )
    assert.ok(found.id)
    assert.equal(found.time, null)
    assert.equal(found.value, null)
  })
})
