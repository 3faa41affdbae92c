import assert from 'node:assert/strict'
import { csvReport } from '../../../lib/metrics/csv.js'
import { headline } from '../../../lib/metrics/headline.js'
import { openMetrics } from '../../../lib/metrics/openmetrics.js'
import { NO_FACTS } from '../../../lib/metrics/page/page-facts.js'
import { answerReport } from '../../../lib/metrics/report-formats.js'
import { durationText } from '../../../lib/quantities.js'
import { noTotals, pollSettings, START } from './simulation.js'
import { pull, workbench } from './workbench.js'

const EVIL = `=1+1,"<script>alert('x')</script>"\n`

function measured(name = 'push') {
  const bench = workbench({ name: 'm "1"' })
  for (let sequence = 1; sequence <= 20; sequence += 1) {
    const update = bench.generate(sequence, sequence * 100)
    bench.deliver(update, sequence * 100 + 1, { sourceName: name })
    if (sequence % 4 === 0)
      bench.deliver(update, sequence * 100 + 90, {
        ...pull,
        settings: pollSettings(400, 'latest'),
        totals: { ...noTotals, requests: sequence, updates: sequence / 4 }
      })
  }
  return bench
}

describe('the headline', () => {
  it('compares push with pull in at most 20 characters, whatever the sizes', () => {
    const report = measured().metrics.report()
    assert.deepEqual(headline(report), { kind: 'compared', text: '1.0 ms vs 240 ms' })
    for (const ms of [0.04, 9.96, 99.4, 999.4, 999.6, 59_940, 59_960, 3.59e6, 8.6e7, 8.64e7, 3e9, -0.5])
      assert.ok(durationText(ms).length <= 8, durationText(ms))
  })

  it('says what it waits for, and shows one lane alone', () => {
    const { metrics, generate, deliver, exchange } = workbench()
    assert.deepEqual(headline(metrics.report()), { kind: 'waiting', text: 'no lane yet' })
    exchange(1, {})
    assert.equal(headline(metrics.report()).text, 'no update yet')
    deliver(generate(1, 10), 12)
    assert.deepEqual(headline(metrics.report()), { kind: 'one', text: 'push 2.0 ms' })
  })

  it('goes by which lane was first when nobody knows the times of generation', () => {
    const { metrics, deliver, update } = workbench()
    const untimed = { generatedAt: null, epoch: null, sequence: null }
    deliver(update(1, 0), 5, untimed)
    deliver(update(1, 0), 1505, { ...untimed, ...pull })
    assert.equal(headline(metrics.report()).text, '+0.0 ms vs +1.5 s')
  })
})

describe('the report', () => {
  it('has every key of the contract, and is plain JSON', () => {
    const report = measured().metrics.report()
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report)
    assert.deepEqual(Object.keys(report), [
      'version',
      'id',
      'name',
      'startedAt',
      'now',
      'seconds',
      'target',
      'flags',
      'streams',
      'lanes',
      'sweep',
      'claims',
      'advice'
    ])
    assert.deepEqual(Object.keys(report.lanes[0] ?? {}), [
      'source',
      'name',
      'model',
      'stream',
      'read',
      'trigger',
      'intervalMs',
      'waitMs',
      'qos',
      'since',
      'windowStart',
      'matchedBy',
      'updates',
      'latencyMs',
      'latencyDeliveredMs',
      'behindFirstMs',
      'ageMs',
      'freshShare',
      'versionsBehind',
      'targetShare',
      'exchanges',
      'bytes',
      'connections',
      'outages',
      'server',
      'scheduleLagMs',
      'clock',
      'fleet',
      'theory',
      'previous',
      'flags'
    ])
    const [stream] = report.streams
    assert.deepEqual(
      [stream?.generated, stream?.ratePerSecond, stream?.gaps.count, stream?.gaps.mean, stream?.speed],
      [20, 10, 19, 100, 1]
    )
  })

  it('shows histograms and gaps in detail only when asked', () => {
    const { metrics } = measured()
    assert.equal(metrics.report().lanes[0]?.latencyMs?.histogram, undefined)
    const detailed = metrics.report(true)
    assert.equal(detailed.lanes[0]?.latencyMs?.histogram?.count, 20)
    assert.equal(detailed.streams[0]?.gaps.last?.length, 19)
    assert.equal(detailed.streams[0]?.gaps.histogram?.count, 19)
  })

  it('is not changed by whoever changes a copy that he was given', () => {
    const { metrics } = measured()
    const copy = metrics.report() as { target: { ms: number } }
    copy.target.ms = 0
    assert.equal(metrics.report().target.ms, 1000)
  })

  it('gives the instants of generation for a replay', () => {
    const { metrics } = measured()
    const times = JSON.parse(answerReport(metrics, 'times', () => NO_FACTS).payload as string) as number[]
    assert.deepEqual([times.length, times[0], times[19]], [20, START + 100, START + 2000])
  })
})

describe('the CSV', () => {
  it('has one row a lane, and no name that a spreadsheet takes for a formula', () => {
    const text = csvReport(measured(EVIL).metrics.report())
    assert.match(text, /^name,source,model,/)
    assert.ok(text.includes(`"'=1+1,""<script>alert('x')</script>""\n",push,push,updates,push,`))
    assert.ok(text.endsWith('\r\n'))
  })
})

describe('the OpenMetrics text', () => {
  const text = openMetrics([measured('a "b"\\\n').metrics.report(true)])
  const lines = text.split('\n')

  it('ends as it must, names units, and escapes labels', () => {
    assert.ok(text.endsWith('# EOF\n'))
    assert.ok(lines.includes('# TYPE delivery_latency_seconds histogram'))
    assert.ok(lines.includes('# UNIT delivery_latency_seconds seconds'))
    assert.ok(text.includes('lane="a \\"b\\"\\\\\\n"'))
  })

  it('has cumulative buckets that end with the count', () => {
    const buckets = lines.filter(
      line => line.startsWith('delivery_latency_seconds_bucket') && line.includes('lane="poll"')
    )
    const counts = buckets.map(line => Number(line.split(' ').at(-1)))
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b)
    )
    assert.ok(buckets.at(-1)?.includes('le="+Inf"'))
    assert.equal(counts.at(-1), 20)
    assert.ok(
      lines.some(line => line.startsWith('delivery_latency_seconds_sum') && line.includes('lane="poll"'))
    )
  })

  it('has each family once, its samples together, counters with their suffix', () => {
    const families = lines.filter(line => line.startsWith('# TYPE')).map(line => line.split(' ')[2])
    assert.equal(new Set(families).size, families.length)
    let current = ''
    for (const line of lines) {
      if (line.startsWith('# TYPE')) current = line.split(' ')[2] ?? ''
      else if (line !== '' && !line.startsWith('#')) assert.ok(line.startsWith(current), line)
    }
    assert.ok(lines.some(line => /^delivery_requests_total\{.*\} 20$/.test(line)))
  })

  it('has no sum beside negative values', () => {
    const bench = workbench()
    bench.deliver(bench.generate(1, 10), 12)
    bench.deliver(bench.update(2, 30), 20)
    const negative = openMetrics([bench.metrics.report(true)])
    assert.ok(!negative.includes('delivery_latency_seconds_sum'))
    assert.ok(negative.includes('delivery_latency_seconds_bucket'))
  })

  it('is valid with nothing to tell', () => {
    assert.equal(openMetrics([]), '# EOF\n')
  })
})
