import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMetrics, prometheusText } from '../../../lib/metrics/openmetrics.js'
import type { Report } from '../../../lib/metrics/report.js'
import { promtool } from '../../helpers/promtool.js'
import { HOSTILE, richReport } from './rich-report.js'
import { workbench } from './workbench.js'

const rich = richReport().report
const hostile: Report = { ...richReport(HOSTILE).report, id: 'other' }

/** A lane whose clocks disagree: it has latencies below zero. */
function backwards(): Report {
  const bench = workbench({ id: 'backwards' })
  bench.deliver(bench.generate(1, 10), 12)
  bench.deliver(bench.update(2, 30), 20)
  return bench.metrics.report(true)
}

/** Reads OpenMetrics text as Prometheus does; there it wants an instant at every sample. */
function importOpenMetrics(text: string): ReturnType<typeof promtool> {
  const folder = mkdtempSync(join(tmpdir(), 'openmetrics-'))
  try {
    const file = join(folder, 'metrics')
    const instant = Math.floor(rich.now / 1000)
    writeFileSync(file, text.replaceAll(/^([^#\n].*)$/gm, `$1 ${instant}`))
    return promtool(['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'blocks')])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('what Prometheus scrapes', function () {
  this.timeout(20_000)
  const reports = [rich, hostile, backwards()]

  it('is read as OpenMetrics by Prometheus, every sample of it', () => {
    const text = openMetrics(reports)
    const { status, said } = importOpenMetrics(text)
    assert.equal(status, 0, said)
    const samples = text.split('\n').filter(line => line !== '' && !line.startsWith('#')).length
    assert.match(said, new RegExp(`\\s${samples}\\s`))
  })

  it('is refused when it is not OpenMetrics: the check sees mistakes', () => {
    const text = openMetrics(reports)
    for (const broken of [
      text.replace('# EOF\n', ''),
      text.replace(/le="0\.001"/, 'le=0.001'),
      text.replace('lane="', 'lane="a"')
    ])
      assert.notEqual(importOpenMetrics(broken).status, 0)
  })

  it('has nothing that promtool check metrics complains of', () => {
    const text = prometheusText(reports)
    assert.deepEqual(promtool(['check', 'metrics'], text), { status: 0, said: '' })
    assert.notEqual(promtool(['check', 'metrics'], text.replaceAll('# HELP', '# ')).status, 0)
  })

  it('has the same figures in both formats', () => {
    const samplesOf = (text: string) =>
      text.split('\n').filter(line => line !== '' && !/^#|_created\{/.test(line))
    assert.deepEqual(samplesOf(prometheusText(reports)), samplesOf(openMetrics(reports)))
  })
})
