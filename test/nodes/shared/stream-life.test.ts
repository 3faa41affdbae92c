import assert from 'node:assert/strict'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import { ServerHarness } from './server-harness.js'

describe('the stream of an origin that is gone', () => {
  const red = new ServerHarness(pollFeed)
  before(() => red.open())
  after(() => red.close())
  afterEach(() => red.unload())

  it('goes on as long as its server does: its log and its last update stay', async () => {
    const place = { z: 't', x: 1, y: 1, type: 'test-user', server: 'f', wires: [] }
    const left = [
      { id: 't', type: 'tab' },
      { id: 'f', type: 'poll-feed' },
      { ...place, id: 'reader', stream: '' }
    ]
    await red.load([...left, { ...place, id: 'origin', stream: 'house/cellar' }])
    const { port } = (await red.reach('f', 'listening')).address
    const base = `http://127.0.0.1:${port}`
    for (const payload of [1, 2]) await red.user('origin').handOver(payload)
    await red.deploy(left)
    const list = (await (await fetch(`${base}/feeds/house/cellar`)).json()) as { data: number }[]
    assert.deepEqual(
      list.map(({ data }) => data),
      [1, 2]
    )
    assert.deepEqual(await (await fetch(base)).json(), ['house/cellar'])
  })
})
