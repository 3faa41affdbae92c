import assert from 'node:assert/strict'
import { openMetrics } from '../../../lib/metrics/openmetrics.js'
import { seededRandom } from '../../helpers/random.js'
import { noTotals, pollSettings, START } from './simulation.js'
import { pull, workbench } from './workbench.js'

/** What may only grow, by name and labels. */
function growing(text: string): Map<string, number> {
  const samples = text.matchAll(/^(\w+_(?:total|bucket|count|created)\{.*\}) (\S+)$/gm)
  return new Map(Array.from(samples, ([, name = '', value]) => [name, Number(value)]))
}

describe('what a scraper takes for a counter', () => {
  for (const seed of [1, 2, 3, 4, 5])
    it(`never goes back but at a reset, whatever comes late, twice or never (seed ${seed})`, () => {
      const random = seededRandom(seed)
      const bench = workbench()
      const scrape = () => growing(openMetrics([bench.metrics.report(true)]))
      const totals = { ...noTotals }
      let last = scrape()
      let late: (() => void)[] = []
      let begun = new Set<number>()
      const grow = (mayGoBack: boolean): void => {
        const now = scrape()
        for (const [name, value] of last)
          if (!mayGoBack)
            assert.ok((now.get(name) ?? -1) >= value, `${name}: ${value}, then ${now.get(name)}`)
        last = now
      }
      for (let sequence = 1; sequence <= 150; sequence += 1) {
        const at = sequence * 100
        const update = bench.generate(sequence, at)
        const deliver = (more: object) => bench.deliver(update, bench.clock.now() - START, more)
        const fate = random()
        if (fate < 0.7) deliver({})
        else if (fate < 0.9) late.push(() => deliver({}))
        if (random() < 0.1) deliver({ duplicate: true })
        if (random() < 0.3) {
          totals.requests += 1
          totals.updates += 1
          totals.bytesReceived += 300
          deliver({ ...pull, settings: pollSettings(400, 'latest'), totals: { ...totals } })
        }
        if (random() < 0.2) {
          for (const run of late) run()
          late = []
        }
        grow(false)
        if (sequence === 100) {
          begun = new Set([...last].filter(([name]) => name.includes('_created')).map(([, value]) => value))
          bench.metrics.reset()
          grow(true)
          const renewed = [...last].filter(([name]) => name.includes('_created'))
          assert.ok(renewed.length > 5)
          for (const [name, value] of renewed) assert.ok(!begun.has(value), name)
          for (const [name, value] of last) if (name.includes('_total')) assert.equal(value, 0, name)
        }
      }
      assert.ok(last.size > 50)
    })
})
