import assert from 'node:assert/strict'
import type { Flag, LaneReport, Report, StreamReport } from '../../../../lib/metrics/report.js'
import { numberTexts } from '../../../../lib/number-texts.js'
import { Announcer, meaningOf } from '../../../../panel/model/words/announcer.js'
import { headlineOf } from '../../../../panel/model/words/headline.js'
import { nameText } from '../../../../panel/model/words/names.js'
import { pluralForm } from '../../../../panel/model/words/sentence.js'
import { noTotals, pollSettings } from '../../../lib/metrics/simulation.js'
import { pull, workbench } from '../../../lib/metrics/workbench.js'
import { catalogueText } from '../../catalogue.js'
import { distribution, flag, laneReport, pullReport, reportOf } from '../../reports.js'

const wording = {
  numbers: numberTexts('en'),
  plural: pluralForm('en'),
  reason: ({ message }: Flag) => message
}

function told(lanes: readonly LaneReport[], change: Partial<Report> = {}) {
  const { sentences, progress } = headlineOf(reportOf(lanes, change), lanes, wording)
  return {
    text: sentences
      .map(clauses => clauses.map(({ key, params }) => catalogueText(key, params)).join('; '))
      .join(' | ')
      .replace(/[\u2068\u2069]/g, '')
      .replaceAll('\u00a0', ' '),
    progress: progress === null ? null : catalogueText(progress.key, progress.params)
  }
}

const push = (count: number, mean = 5, change: Parameters<typeof laneReport>[0] = {}) =>
  laneReport({ latencyMs: distribution(count, mean), updates: { delivered: count, lost: 0 }, ...change })
const poll = (count: number, mean = 985, change: Parameters<typeof pullReport>[0] = {}) =>
  pullReport({
    latencyMs: distribution(count, mean),
    updates: { delivered: 8, superseded: 3, lost: 0 },
    exchanges: { requests: 12, empty: 3, notModified: 1, errors: 0, timeouts: 0 },
    ...change
  })
const costs = 'Polling asked 12 times for 8 updates; 4 polls came back empty; 3 updates were never seen'

describe('the headline of the panel', () => {
  it('says which model is sooner, and what polling cost', () => {
    const { text, progress } = told([push(600), poll(600)])
    assert.equal(text, `Push is 980 ms sooner | ${costs}`)
    assert.equal(progress, null)
  })

  it('is made from what a metrics node has counted', () => {
    const bench = workbench()
    for (let sequence = 1; sequence <= 40; sequence += 1) {
      // no two gaps alike: a period would alias with the polls
      const at = sequence * 100 + (sequence % 2) * 20
      const update = bench.generate(sequence, at)
      bench.deliver(update, at + 1)
      // every fifth update is seen by a poll, 91 ms after it was made: those before it wait for it
      if (sequence % 5 === 0) {
        bench.deliver(update, at + 91, pull)
        bench.exchange(
          at + 91,
          { ...noTotals, requests: sequence / 4, empty: sequence / 20, updates: sequence / 5 },
          { settings: pollSettings(500, 'latest') }
        )
      }
    }
    const { lanes } = bench.metrics.report()
    // (91 + 191 + 291 + 391 + 491) / 5 ms on average, and 1 ms
    assert.equal(
      told(lanes).text,
      'Push is 290 ms sooner | Polling asked 10 times for 8 updates; 2 polls came back empty; 32 updates were never seen'
    )
  })

  it('has a form for one of everything', () => {
    const one = poll(600, 985, {
      updates: { delivered: 1, superseded: 1, lost: 1 },
      exchanges: { requests: 1, empty: 1, notModified: 0, errors: 1, timeouts: 0 }
    })
    assert.equal(
      told([push(600, 5, { updates: { delivered: 1, lost: 1 } }), one]).text,
      'Push is 980 ms sooner | Polling asked once for 1 update; 1 poll came back empty; 1 update was never seen | ' +
        'Push lost 1 update; Polling lost 1 update; 1 poll failed'
    )
  })

  it('tells no latency from a handful of updates, an early one below 32, and then as many digits as they are worth', () => {
    assert.equal(told([push(7), poll(7)]).text, costs)
    assert.equal(
      told([push(12), poll(12, 988)]).text,
      `Early figures (12 updates): push is about 1 s sooner | ${costs}`
    )
    assert.equal(told([push(32), poll(32, 988)]).text, `Push is 980 ms sooner | ${costs}`)
    assert.equal(told([push(513), poll(513, 988)]).text, `Push is 983 ms sooner | ${costs}`)
  })

  it('shows what is not conclusive yet as progress, by the lane with fewer updates', () => {
    assert.equal(told([push(600), poll(7)]).progress, 'A conclusive mean after 32 updates, 7 so far')
    assert.equal(told([push(41), poll(600)]).progress, 'p99 after 368 updates, 41 so far')
    assert.equal(told([push(400), poll(400)]).progress, 'Mean to ± 5 % after 513 updates, 400 so far')
    assert.equal(told([push(513), poll(513)]).progress, null)
  })

  it('calls lanes equally soon when their difference is within what the means are worth', () => {
    // 32 values: ± 20 %
    assert.match(told([push(32, 81), poll(32, 100)]).text, /^Push and polling are equally soon/)
    assert.match(told([push(32, 79), poll(32, 100)]).text, /^Push is 21 ms sooner/)
    assert.match(told([push(600, 79), poll(600, 100)]).text, /^Push is 21 ms sooner/)
    assert.match(told([push(600, 100), poll(600, 2)]).text, /^Polling is 98 ms sooner/)
  })

  it('goes by which lane was first when nobody knows when updates were made', () => {
    const first = (mean: number) => ({ latencyMs: null, behindFirstMs: distribution(600, mean) })
    assert.match(
      told([push(0, 0, first(0)), poll(0, 0, first(1500))]).text,
      /^Push is first, by at least 1\.5 s \|/
    )
    const clock = { behindFirstMs: distribution(600, 1500), flags: [flag('CLOCK', ['latencyMs', 'ageMs'])] }
    assert.match(
      told([push(600, 5, { behindFirstMs: distribution(600, 0) }), poll(600, 985, clock)]).text,
      /^Push is first, by at least 1\.5 s \|/
    )
  })

  it('compares nothing that a flag spoils, and says which', () => {
    const unequal = flag('UNEQUAL', ['bytes', 'latencyMs', 'updates'], 'This lane uses TLS, pushed does not.')
    assert.equal(
      told([push(600), poll(600, 985, { flags: [unequal] })]).text,
      '“polled” does not compare: This lane uses TLS, pushed does not. | Polling asked 12 times; 4 polls came back empty'
    )
    const aliasing = flag('ALIASING', ['latencyMs', 'ageMs'], 'The poll interval is about 1/1 of the period.')
    const behind = { behindFirstMs: distribution(600, 0) }
    assert.equal(
      told([push(600, 5, behind), poll(600, 985, { ...behind, flags: [aliasing] })]).text,
      `Latency is not conclusive for “polled”: The poll interval is about 1/1 of the period. | ${costs}`
    )
    const shared = flag('COSTS_SHARED', ['exchanges', 'bytes', 'connections'])
    assert.match(
      told([push(600), poll(600, 985, { flags: [shared] })]).text,
      /What “polled” costs is shared by several streams; 3 updates were never seen$/
    )
  })

  it('says so when costs are not known', () => {
    const unwired = { exchanges: { requests: null }, flags: [flag('EXCHANGES_NOT_WIRED', ['exchanges'])] }
    assert.equal(
      told([push(600), poll(600, 985, unwired)]).text,
      'Push is 980 ms sooner | What “polled” costs is not known; 3 updates were never seen'
    )
  })

  it('names lanes where there are several: the best push and the first poll that is shown', () => {
    const lanes = [
      push(600, 20, { name: 'QoS 2' }),
      push(600, 5, { name: 'QoS 0' }),
      poll(600, 985, { name: 'every 2 s' }),
      poll(600, 485, { name: 'every 1 s' })
    ]
    assert.match(
      told(lanes).text,
      /^“QoS 0” is 980 ms sooner than “every 2 s” \| “every 2 s” asked 12 times for 8 updates;/
    )
    assert.match(told(lanes.toSpliced(2, 1)).text, /^“QoS 0” is 480 ms sooner than “every 1 s”/)
    const shown = lanes.filter(({ name }) => name === 'QoS 0' || name === 'every 2 s')
    assert.match(told(shown, { lanes }).text, /^“QoS 0” is 980 ms sooner than “every 2 s”/)
  })

  it('compares lanes of one model: the soonest with the last', () => {
    assert.equal(
      told([push(600, 20, { name: 'QoS 2' }), push(600, 5, { name: 'QoS 0' })]).text,
      '“QoS 0” is 15 ms sooner than “QoS 2”'
    )
    const names = [985, 485, 1985].map(mean => poll(600, mean, { name: `mean ${mean}` }))
    assert.match(
      told(names).text,
      /^“mean 485” is 1.5 s sooner than “mean 1985” \| “mean 485” asked 12 times/
    )
  })

  it('tells of one lane what it did, and of lanes on different streams that they do not compare', () => {
    assert.equal(
      told([push(41, 1.234)]).text,
      '“pushed” got 41 updates; on average 1.2 ms after they were made'
    )
    assert.equal(told([push(7, 1.234)]).text, '“pushed” got 7 updates')
    assert.equal(
      told([push(41, 1.234, { stream: 'a' }), poll(41, 985, { stream: 'b' })]).text,
      'Not comparable: no two lanes have the same stream | “pushed” got 41 updates; on average 1.2 ms after they were made'
    )
    assert.deepEqual(told([]), { text: '', progress: null })
  })

  it('says how fast updates are replayed, and which lanes have fallen silent', () => {
    const streams = [{ stream: 'updates', speed: 300 }] as unknown as StreamReport[]
    const ended = { flags: [flag('LANE_ENDED', [])] }
    assert.equal(
      told([push(600), poll(600, 985, ended)], { streams }).text,
      `Push is 980 ms sooner | ${costs} | “polled” has ended | The updates are replayed 300 times as fast`
    )
  })

  it('leaves names as they are, whatever they look like', () => {
    const name = '<img src=x onerror=alert(1)> $t(name) {{x}}'
    assert.ok(told([push(41, 1, { name })]).text.includes(`“${name}”`))
    assert.equal(nameText('مدفوع'), '\u2068مدفوع\u2069')
    assert.equal([...nameText('😀'.repeat(200))].length, 50)
    assert.ok(nameText('😀'.repeat(200)).isWellFormed())
  })
})

describe('what is read out', () => {
  const at = (delivered: number, mean: number) => {
    const lanes = [push(600), poll(600, mean, { updates: { delivered, superseded: 3 } })]
    return meaningOf(headlineOf(reportOf(lanes), lanes, wording))
  }

  it('is the same while only last digits change', () => {
    assert.equal(at(810, 985), at(840, 990))
    assert.notEqual(at(810, 985), at(990, 985))
    assert.notEqual(at(810, 985), at(810, 3))
  })

  it('is news at most every five seconds, and never twice', () => {
    const announcer = new Announcer()
    assert.equal(announcer.isNews('a', 1000), true)
    assert.equal(announcer.isNews('b', 4000), false)
    assert.equal(announcer.isNews('a', 6000), false)
    assert.equal(announcer.isNews('b', 6000), true)
  })
})

describe('plural forms', () => {
  it('follow the language, and stand a language that no browser knows', () => {
    assert.deepEqual([0, 1, 2].map(pluralForm('en')), ['other', 'one', 'other'])
    assert.deepEqual([0, 1, 2].map(pluralForm('de')), ['other', 'one', 'other'])
    assert.equal(pluralForm('not a language')(2), 'other')
  })
})
