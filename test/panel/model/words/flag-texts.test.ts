import assert from 'node:assert/strict'
import type { Flag } from '../../../../lib/metrics/report.js'
import { laneFlags, reportFlags } from '../../../../lib/metrics/validity.js'
import { numberTexts } from '../../../../lib/number-texts.js'
import { flagTexts, flagTitle } from '../../../../panel/model/words/flag-texts.js'
import { catalogueOf } from '../../../helpers/catalogues.js'
import { laneFacts } from '../../../lib/metrics/workbench.js'
import { flag } from '../../reports.js'

/** As the editor gives texts: an unknown key comes back as it is. */
function languageOf(tag: 'en-US' | 'de') {
  const texts = catalogueOf(`panel/locales/${tag}/push-vs-pull.json`)
  return {
    numbers: numberTexts(tag),
    text: (key: string, params: Readonly<Record<string, string | number>> = {}): string =>
      (texts[key] ?? key).replace(/__(\w+?)__/g, (place, name: string) => String(params[name] ?? place))
  }
}

const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '').replaceAll('\u00a0', ' ')

/** Every flag that a lane and a report can raise, each in all its cases. */
const all: readonly Flag[] = [
  ...[
    {},
    { model: 'pull', intervalMs: 2000, gaps: { count: 20, sum: 20_000, sumSquares: 20_000_000 } },
    { model: 'pull', intervalMs: 1000, lagP99Ms: 150, originWired: false, assumed: 3 },
    { busyShare: 0.75, count: 400, originWired: false },
    { ownBusyShare: 0.9, count: 600, originWired: false, foreign: true },
    { coarse: 4, originWired: true },
    { hasExchanges: false, shared: 3 },
    ...(['id', 'time', 'value', 'sequence', null] as const).map(matchedBy => ({
      originWired: false,
      foreign: true,
      placed: true,
      matchedBy
    })),
    { untimed: true, zoneMissing: true },
    ...[1000, 60_000, 86_400_000].map(resolutionMs => ({
      foreign: true,
      count: 20,
      medianMs: 500,
      resolutionMs
    })),
    ...(['corrected', 'bounded'] as const).map(kind => ({ stampClock: { kind, errorMs: 12 }, medianMs: 20 })),
    ...(['origin', 'source'] as const).map(kind => ({ stampClock: { kind } })),
    { unequal: { message: 'm', params: { case: 'after', apartMs: 2000, other: 'late' } } },
    { endedSeconds: 12.5 },
    { paused: true, silentSeconds: 13, previous: 2 }
  ].flatMap(facts => laneFlags(laneFacts(facts as Parameters<typeof laneFacts>[0]))),
  ...reportFlags(3, -7000)
]

describe('a flag in the reader’s language', () => {
  for (const tag of ['en-US', 'de'] as const)
    it(`has a text of its own in ${tag}, with every figure filled in`, () => {
      const language = languageOf(tag)
      for (const raised of all) {
        const said = flagTexts(raised, language)
        for (const text of [said.message, said.remedy]) assert.doesNotMatch(text, /__|^flag\./, raised.code)
        // nothing fell back to the report's own words, which are English
        if (tag === 'de') {
          assert.notEqual(said.message, raised.message)
          assert.notEqual(said.remedy, raised.remedy)
        }
      }
      assert.ok(new Set(all.map(({ code }) => code)).size >= 20)
    })

  it('writes figures as the panel does: units that switch by size, separators of the language', () => {
    const late =
      all.find(({ code, params }) => code === 'SCHEDULE_LAG' && params.case === 'poll') ?? flag('CLOCK', [])
    const busy = all.find(({ params }) => params.case === 'server') ?? flag('CLOCK', [])
    assert.equal(
      plain(flagTexts(late, languageOf('de')).message),
      'Eine von hundert Abfragen ging mehr als 150 ms zu spät ab.'
    )
    assert.equal(
      plain(flagTexts({ ...late, params: { ...late.params, lagMs: 1500 } }, languageOf('de')).message),
      'Eine von hundert Abfragen ging mehr als 1,5 s zu spät ab.'
    )
    assert.match(plain(flagTexts(busy, languageOf('de')).message), / 75 % /)
  })

  it('takes a number of streams for a number, though the word ends as a unit does', () => {
    const shared = all.find(({ code }) => code === 'COSTS_SHARED') ?? flag('CLOCK', [])
    assert.match(flagTexts(shared, languageOf('en-US')).message, /its 3 streams share them/)
  })

  it('says names in their own direction', () => {
    const unequal = all.find(({ code }) => code === 'UNEQUAL') ?? flag('CLOCK', [])
    assert.match(
      flagTexts(unequal, languageOf('en-US')).message,
      /2\u00a0s after those of “\u2068late\u2069”/
    )
  })

  it('is said as the report has it when the panel does not know it', () => {
    const unknown = { ...flag('CLOCK', [], 'Something new.'), code: 'LATER' as Flag['code'] }
    assert.equal(flagTitle(unknown, languageOf('de')), 'Something new. Mend it.')
    // as an earlier version saved it
    const { params: _params, ...early } = flag('ALIASING', [], 'Commensurate.')
    assert.equal(flagTexts(early as Flag, languageOf('de')).message, 'Commensurate.')
    const unknownCase = { ...unknown, code: 'UNEQUAL' as const, params: { case: 'later' } }
    assert.equal(flagTexts(unknownCase, languageOf('de')).message, 'Something new.')
  })
})
