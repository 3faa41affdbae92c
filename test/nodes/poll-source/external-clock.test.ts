import assert from 'node:assert/strict'
import { type Clock, systemClock } from '../../../lib/clock.js'
import type { Delivery } from '../../../lib/update/delivery.js'
import type { Exchange } from '../../../lib/update/exchange.js'
import pollFeed from '../../../nodes/poll-feed/poll-feed.js'
import pollSource from '../../../nodes/poll-source/poll-source.js'
import { received, redHelper } from '../../helpers/red.js'
import { feeds, handed } from '../../lib/feed/open.js'

const helper = redHelper()
const AHEAD = 90_000

describe('poll-source, from a feed on another host', () => {
  const open = feeds()
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('tells on every delivery and exchange how far the other clock is ahead', async () => {
    const real = systemClock()
    const skewed: Clock = {
      now: () => real.now() + AHEAD,
      at: (instant, run) => real.at(instant - AHEAD, run)
    }
    const feed = await open({ token: null }, skewed)
    await helper.load(
      [pollFeed, pollSource],
      [
        { id: 'tab', type: 'tab', label: 'House' },
        { id: 'out', z: 'tab', type: 'helper' },
        { id: 'costs', z: 'tab', type: 'helper' },
        { id: 'far', type: 'poll-feed', mode: 'external', url: feed.url },
        {
          ...{ id: 'n', z: 'tab', type: 'poll-source', feed: 'far', trigger: 'interval', intervalMs: '40' },
          wires: [['out'], ['costs']]
        }
      ]
    )
    const [passed, spent] = [received('out'), received('costs')]
    feed.accept(handed(1))
    const [delivered] = (await passed.first(1)) as unknown as { readonly delivery: Delivery }[]
    const told = () =>
      (spent.messages as unknown as { readonly exchange: Exchange }[]).find(
        ({ exchange }) => exchange.id === delivered?.delivery.exchangeId
      )
    while (!told()) await spent.first(spent.messages.length + 1)
    for (const clock of [delivered?.delivery.clock, told()?.exchange.clock]) {
      assert.ok(clock)
      assert.ok(Math.abs(clock.offsetMs - AHEAD) <= clock.errorMs && clock.errorMs < 250)
    }
  })
})
