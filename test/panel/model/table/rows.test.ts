import assert from 'node:assert/strict'
import { figureTitles } from '../../../../lib/metrics/figure-titles.js'
import { figures } from '../../../../lib/metrics/figures.js'
import type { LaneReport } from '../../../../lib/metrics/report.js'
import { numberTexts } from '../../../../lib/number-texts.js'
import { tableCsv } from '../../../../panel/model/table/csv.js'
import { notesOf } from '../../../../panel/model/table/notes.js'
import { figuresShown, GROUPS, nextSorting, rowOf, sortedLanes } from '../../../../panel/model/table/rows.js'
import { pull, workbench } from '../../../lib/metrics/workbench.js'
import { catalogueText } from '../../catalogue.js'
import { distribution, flag, laneReport, pullReport, reportOf } from '../../reports.js'

const numbers = numberTexts('en')
const figure = (key: string) => figures.find(each => each.key === key) ?? assert.fail(`no figure ${key}`)
const row = (key: string, ...lanes: LaneReport[]) => rowOf(figure(key), lanes, numbers)
const texts = (key: string, ...lanes: LaneReport[]) =>
  row(key, ...lanes).cells.map(({ text, best }) => `${best ? '*' : ''}${text.replaceAll('\u00a0', ' ')}`)
const fresh = (name: string, freshShare: number | null) =>
  laneReport({ name, freshShare, updates: { delivered: 1 } })

const busy = { updates: { delivered: 1 } }

describe('the figures of a lane', () => {
  it('are the numbers of a report, each under its path', () => {
    const { metrics, generate, deliver, exchange } = workbench()
    const update = generate(1, 10)
    deliver(update, 12)
    deliver(update, 200, pull)
    exchange(200, { requests: 1, updates: 1 }, { clock: { offsetMs: 3, errorMs: 1 } })
    for (const lane of metrics.report().lanes)
      for (const { key, of } of figures) {
        const at = key
          .split('.')
          .reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], lane)
        assert.equal(of(lane), at ?? null, key)
      }
  })

  it('have a name and one plain sentence of explanation each', () => {
    assert.equal(new Set(figures.map(({ key }) => key)).size, figures.length)
    assert.deepEqual(
      Object.keys(figureTitles),
      figures.map(({ key }) => key)
    )
    for (const { key } of figures) {
      assert.ok(catalogueText(`table.figure.${key}`).length <= 45, key)
      assert.match(catalogueText(`table.about.${key}`), /^[A-Z9].{20,150}\.$/, key)
    }
  })

  it('all belong to a group of the table, the details to More', () => {
    const shown = (more: boolean) => GROUPS.flatMap(group => figuresShown(group, more))
    assert.equal(shown(true).length, figures.length)
    assert.deepEqual(
      shown(false),
      figures.filter(({ more }) => !more)
    )
    assert.deepEqual(figuresShown('connections', false), [])
    assert.ok(figuresShown('connections', true).some(({ key }) => key === 'server.cpuMicrosPerUpdate'))
  })
})

describe('a row of the table', () => {
  it('writes units that fit, and marks the best', () => {
    const lanes = [
      laneReport({ ...busy, latencyMs: distribution(600, 0.624), targetShare: 1, bytes: { perUpdate: 310 } }),
      pullReport({
        ...busy,
        latencyMs: distribution(600, 2500),
        targetShare: 0.368,
        bytes: { perUpdate: 12_480 }
      })
    ]
    assert.deepEqual(texts('latencyMs.mean', ...lanes), ['*624 µs', '2.5 s'])
    assert.deepEqual(texts('targetShare', ...lanes), ['*100%', '36.8%'])
    assert.deepEqual(texts('bytes.perUpdate', ...lanes), ['*310 B', '12.5 kB'])
    const server = { busyShare: 0.01, cpuMicrosPerUpdate: 1234, dropped: 0, refused: 0 }
    assert.deepEqual(texts('server.cpuMicrosPerUpdate', laneReport({ server })), ['1.23 ms'])
  })

  it('marks all that read alike, and none when all do or nobody else has a value', () => {
    assert.deepEqual(texts('freshShare', fresh('a', 0.99901), fresh('b', 0.99902), fresh('c', 0.5)), [
      '*99.9%',
      '*99.9%',
      '50%'
    ])
    assert.deepEqual(texts('freshShare', fresh('a', 0.5), fresh('b', 0.5)), ['50%', '50%'])
    assert.deepEqual(texts('freshShare', fresh('a', 0.5), fresh('b', null)), ['50%', '–'])
    assert.deepEqual(texts('updates.delivered', laneReport({ updates: { delivered: 3 } }), laneReport()), [
      '3',
      '0'
    ])
  })

  it('calls no mean better than so few updates can tell, and no lane good that got nothing', () => {
    const mean = (count: number, ms: number) => laneReport({ ...busy, latencyMs: distribution(count, ms) })
    assert.deepEqual(texts('latencyMs.mean', mean(46, 6.85), mean(46, 7.36), mean(46, 900)), [
      '*6.85 ms',
      '*7.36 ms',
      '900 ms'
    ])
    assert.deepEqual(texts('latencyMs.mean', mean(600, 6.85), mean(600, 7.36), mean(600, 900)), [
      '*6.85 ms',
      '7.36 ms',
      '900 ms'
    ])
    const missed = (delivered: number, superseded: number) =>
      pullReport({ updates: { delivered, superseded } })
    assert.deepEqual(texts('updates.superseded', missed(8, 3), missed(7, 4), missed(0, 0)), ['*3', '4', '0'])
  })

  it('has no best among values that a flag spoils, and says which flag', () => {
    const spoilt = flag('CLOCK', ['latencyMs'], 'The other clock is known to ± 5 ms only.')
    const a = laneReport({ ...busy, latencyMs: distribution(600, 1), flags: [spoilt] })
    const b = pullReport({ ...busy, latencyMs: distribution(600, 5) })
    assert.deepEqual(texts('latencyMs.mean', a, b), ['1 ms', '5 ms'])
    assert.equal(row('latencyMs.mean', a, b).cells[0]?.flag, spoilt)
  })

  it('does not take a flag on p99 for one on p99.9, nor one on empty polls for one on their share', () => {
    const lane = pullReport({ flags: [flag('TOO_FEW', ['latencyMs.p99', 'exchanges.empty'])] })
    const flagged = (key: string) => row(key, lane).cells[0]?.flag?.code
    assert.deepEqual(
      ['latencyMs.p99', 'latencyMs.p999', 'exchanges.empty', 'exchanges.emptyShare'].map(flagged),
      ['TOO_FEW', undefined, 'TOO_FEW', undefined]
    )
  })

  it('takes the mean of 32 updates for conclusive, but not their p99', () => {
    const few = flag('TOO_FEW', ['latencyMs.p99', 'latencyMs.mean', 'latencyMs.p999'])
    const lanes = (count: number) => [
      laneReport({ ...busy, latencyMs: distribution(count, 1), flags: [few] }),
      pullReport({ ...busy, latencyMs: distribution(count, 985), flags: [few] })
    ]
    assert.deepEqual(texts('latencyMs.mean', ...lanes(31)), ['1 ms', '985 ms'])
    assert.deepEqual(texts('latencyMs.mean', ...lanes(32)), ['*1 ms', '985 ms'])
    assert.deepEqual(texts('latencyMs.p99', ...lanes(32)), ['1 ms', '985 ms'])
    assert.deepEqual(texts('latencyMs.p50', ...lanes(32)), ['*1 ms', '985 ms'])
  })

  it('says why there is no value', () => {
    const why = (key: string, lane: LaneReport) => {
      const { flag, why } = row(key, lane).cells[0] ?? assert.fail()
      return flag?.code ?? why
    }
    const blind = flag('EXCHANGES_NOT_WIRED', ['exchanges', 'bytes'])
    assert.equal(why('exchanges.requests', pullReport({ flags: [blind] })), 'EXCHANGES_NOT_WIRED')
    assert.equal(why('exchanges.emptyShare', laneReport()), 'push')
    assert.equal(why('server.busyShare', pullReport()), 'external')
    assert.equal(why('clock.offsetMs', pullReport()), 'server')
    assert.equal(why('latencyMs.mean', pullReport()), 'yet')
    for (const reason of ['push', 'external', 'server', 'yet'])
      assert.ok(catalogueText(`table.why.${reason}`))
    assert.equal(why('freshShare', fresh('a', 0)), null)
  })
})

describe('lanes in the table', () => {
  const lanes = [fresh('a', 0.5), fresh('b', null), fresh('c', 0.9), fresh('d', 0.1)].map(report => ({
    report
  }))
  const names = (sorting: Parameters<typeof sortedLanes>[1]) =>
    sortedLanes(lanes, sorting)
      .map(({ report }) => report.name)
      .join('')

  it('are sorted by a figure, those without a value last', () => {
    assert.equal(names(null), 'abcd')
    assert.equal(names({ key: 'freshShare', direction: 'ascending' }), 'dacb')
    assert.equal(names({ key: 'freshShare', direction: 'descending' }), 'cadb')
    assert.equal(names({ key: 'no such figure', direction: 'ascending' }), 'abcd')
  })

  it('come with the best first at the first click, the worst at the second, and as they were at the third', () => {
    const clicks = (key: string) => {
      const first = nextSorting(figure(key), { key: 'another', direction: 'ascending' })
      const second = nextSorting(figure(key), first)
      return [first?.direction, second?.direction, nextSorting(figure(key), second)]
    }
    assert.deepEqual(clicks('freshShare'), ['descending', 'ascending', null])
    assert.deepEqual(clicks('latencyMs.mean'), ['ascending', 'descending', null])
  })
})

describe('the table as CSV', () => {
  it('has raw numbers, the unit beside the name, and no name that a spreadsheet takes for a formula', () => {
    const lanes = [
      laneReport({ name: '=cmd()', latencyMs: distribution(1, 0.1234567), freshShare: 0.5 }),
      pullReport({ name: 'polled, "often"' })
    ]
    const rows = ['latencyMs.mean', 'freshShare', 'updates.delivered'].map(key => row(key, ...lanes))
    assert.equal(
      tableCsv(['Figure', ...lanes.map(({ name }) => name)], rows, ({ figure }) => figure.key),
      `Figure,'=cmd(),"polled, ""often"""\r\nlatencyMs.mean (ms),0.1234567,\r\nfreshShare (0–1),0.5,\r\nupdates.delivered,0,0\r\n`
    )
  })
})

describe('the notes below the table', () => {
  it('tell every flag once, with the names of all that raise it, and that figures are young at the end', () => {
    const silent = flag('SILENT', [])
    const paused = flag('PAUSED', [])
    const report = reportOf(
      [
        laneReport({ name: 'a', flags: [flag('TOO_FEW', []), silent, paused] }),
        laneReport({ name: 'b', flags: [silent] }),
        laneReport({ name: 'hidden', flags: [silent] })
      ],
      { flags: [flag('LANES_DROPPED', ['lanes'])] }
    )
    assert.deepEqual(
      notesOf(report, name => name !== 'hidden').map(({ names, flag }) => [flag.code, ...names]),
      [['LANES_DROPPED'], ['SILENT', 'a', 'b'], ['PAUSED', 'a'], ['TOO_FEW', 'a']]
    )
  })
})
