import assert from 'node:assert/strict'
import { findFacts, noFinders } from '../../../lib/update/foreign.js'

const pick = (key: string) => (item: unknown) => (item as Record<string, unknown>)[key]

describe('facts of a foreign item', () => {
  it('are null where nothing is asked for or nothing is there', async () => {
    const nothing = {
      id: null,
      epoch: null,
      sequence: null,
      generatedAt: null,
      timeZoneMissing: false,
      resolutionMs: null,
      value: null
    }
    assert.deepEqual(findFacts(noFinders, { id: 1 }), nothing)
    assert.deepEqual(findFacts({ id: pick('a'), time: pick('b'), value: pick('c') }, {}), nothing)
  })

  it('come at once from plain finders, ids as text', () => {
    const found = findFacts(
      { ...noFinders, id: pick('n'), time: pick('t'), value: pick('v') },
      { n: 7, t: 1e12, v: 0 }
    )
    assert.ok(!(found instanceof Promise))
    assert.equal(found.id, '7')
    assert.equal(found.generatedAt, 1e12)
    assert.equal(found.value, 0)
  })

  it('include epoch and sequence when the id has the form of ours', async () => {
    const found = await findFacts({ ...noFinders, id: pick('id') }, { id: '0abcdefghij0xyz-000000000042' })
    assert.equal(found.epoch, '0abcdefghij0xyz')
    assert.equal(found.sequence, 42)
  })

  it('wait for an asynchronous finder', async () => {
    const found = findFacts(
      { ...noFinders, id: pick('id'), value: async item => pick('v')(item) },
      { id: 'a', v: 2 }
    )
    assert.ok(found instanceof Promise)
    assert.equal((await found).value, 2)
  })

  it('fail with EXPRESSION_INVALID, thrown or rejected as the finder did', async () => {
    const broken = () => {
      throw new TypeError('no such function')
    }
    assert.throws(() => findFacts({ ...noFinders, id: broken }, {}), { code: 'EXPRESSION_INVALID' })
    await assert.rejects(async () => findFacts({ ...noFinders, id: async () => broken() }, {}), {
      code: 'EXPRESSION_INVALID'
    })
  })
})
