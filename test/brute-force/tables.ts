// node dist/test/brute-force/tables.js [seconds]: the advice beside what trying every interval counts, as tables
import { argv, stdout } from 'node:process'
import { bytesText, preciseDurationText, shareText } from '../../lib/quantities.js'
import { Gaps } from '../../lib/theory/gaps.js'
import { pollShareWithin } from '../../lib/theory/poll.js'
import type { Ms } from '../../lib/units.js'
import { tryLive } from './live.js'
import { POLL } from './polling.js'
import { adviceFor, PUSH, recorded, SHARE, tryAround } from './recorded.js'

const DAY_MS = 86_400_000
const HEAD = [
  'interval',
  'of the longest',
  'advice',
  'in time: predicted',
  'counted',
  'target',
  'empty: predicted',
  'counted',
  'bytes a day: predicted',
  'counted'
]
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
const heading = (text: string) => stdout.write(`\n${text}\n\n${row(HEAD)}${row(HEAD.map(() => '---'))}`)

function simulated(file: string, targetMs: Ms): void {
  const times = recorded(file)
  const advice = adviceFor(times, targetMs)
  const gaps = Gaps.of(times.slice(1).map((time, at) => time - (times[at] ?? 0)))
  const longestMs = advice.longestIntervalMs ?? 0
  const push = (PUSH.bytes * gaps.count * DAY_MS) / gaps.total
  heading(
    `${file}, ${shareText(SHARE)} within ${preciseDurationText(targetMs)}: **${advice.verdict}** (push: ${bytesText(push)} a day)`
  )
  for (const { multiple, counted } of tryAround(times, targetMs, longestMs)) {
    const { intervalMs, targetShare, emptyShare, bytesPerDay } = counted
    const empty = gaps.quietShare(intervalMs)
    const bytes = (DAY_MS / intervalMs) * (POLL.bytesUpdated * (1 - empty) + POLL.bytesEmpty * empty)
    stdout.write(
      row([
        preciseDurationText(intervalMs),
        `× ${multiple}`,
        multiple <= 1 ? 'meets' : 'misses',
        shareText(pollShareWithin(targetMs, { intervalMs, wayBackMs: POLL.wayBackMs, read: 'latest' })),
        shareText(targetShare),
        targetShare >= SHARE ? 'met' : 'missed',
        shareText(empty),
        shareText(emptyShare),
        bytesText(bytes),
        bytesText(bytesPerDay)
      ])
    )
  }
}

async function live(targetMs: Ms, seconds: number): Promise<void> {
  const { advice, facts, lanes, seconds: measured } = await tryLive(targetMs, seconds)
  const gaps = Gaps.ofHistogram(facts.gaps)
  const { bytesUpdated, bytesEmpty } = facts.poll ?? {}
  heading(
    `live, ${facts.gaps.count} gaps in ${seconds} s, ${shareText(SHARE)} within ${preciseDurationText(targetMs)}: **${advice.verdict}**, longest ${preciseDurationText(advice.longestIntervalMs ?? 0)}`
  )
  for (const { multiple, lane } of lanes) {
    const { intervalMs, targetShare, exchanges, bytes, latencyMs } = lane
    const counted = ((bytes.sent ?? 0) + (bytes.received ?? 0)) * (DAY_MS / 1000 / measured)
    if (multiple === null || intervalMs === null) {
      const perDay = ((facts.push?.bytesPerUpdate ?? 0) * gaps.count * DAY_MS) / gaps.total
      stdout.write(
        row([
          'push',
          '',
          '',
          '',
          shareText(targetShare ?? 0),
          'met',
          '',
          '',
          bytesText(perDay),
          bytesText(counted)
        ])
      )
      continue
    }
    const empty = gaps.quietShare(intervalMs)
    const perDay = (DAY_MS / intervalMs) * ((bytesUpdated ?? 0) * (1 - empty) + (bytesEmpty ?? 0) * empty)
    stdout.write(
      row([
        preciseDurationText(intervalMs),
        `× ${multiple}`,
        intervalMs <= (advice.longestIntervalMs ?? 0) ? 'meets' : 'misses',
        shareText(pollShareWithin(targetMs, { intervalMs, wayBackMs: facts.wayBackMs ?? 0, read: 'latest' })),
        `${shareText(targetShare ?? 0)} of ${latencyMs?.count}`,
        (targetShare ?? 0) >= SHARE ? 'met' : 'missed',
        shareText(empty),
        shareText(exchanges.emptyShare ?? 0),
        bytesText(perDay),
        bytesText(counted)
      ])
    )
  }
  for (const { message } of advice.reasons) stdout.write(`\n- ${message}`)
  stdout.write('\n')
}

for (const minutes of [1, 5, 15]) simulated('earthquakes', minutes * 60_000)
for (const hours of [1, 8]) simulated('branch-updates', hours * 3_600_000)
const seconds = Number(argv[2] ?? 90)
if (seconds > 0) await live(400, seconds)
