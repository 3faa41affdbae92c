import assert from 'node:assert/strict'
import type { Exchange } from '../../../lib/update/exchange.js'
import pollSource from '../../../nodes/poll-source/poll-source.js'
import { endsOf, received, redHelper } from '../../helpers/red.js'
import { json, openSite } from '../../lib/poll/site.js'

const helper = redHelper()

describe('a paused poll-source', () => {
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('says so at once, on every exchange until it goes on, and only when something changed', async () => {
    const { url, close } = await openSite(json({ a: 1 }))
    try {
      const source = { type: 'poll-source', target: 'url', url, intervalMs: '600000' }
      await helper.load(
        [pollSource],
        [
          { id: 'tab', type: 'tab' },
          { ...source, id: 'n', z: 'tab', wires: [[], ['costs']] },
          { id: 'costs', z: 'tab', type: 'helper' }
        ]
      )
      const costs = received('costs')
      await costs.first(1)
      const node = helper.getNode('n')
      for (const running of [true, false, false]) await endsOf(node, { running })
      await endsOf(node, {})
      for (const running of [true, true]) await endsOf(node, { running })
      await endsOf(node, {})
      const messages = await costs.first(5)
      const told = messages.map(message => {
        const { kind, paused } = (message as unknown as { exchange: Exchange }).exchange
        return `${kind} ${paused ? 'paused' : 'running'}`
      })
      // traffic may be told once more on a slow computer
      const changes = told.filter((entry, index) => entry !== told[index - 1])
      assert.deepEqual(changes.slice(changes.indexOf('traffic paused')), [
        'traffic paused',
        'poll paused',
        'traffic running',
        'poll running'
      ])
    } finally {
      await close()
    }
  })
})
