import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../test/helpers/runtimes.js'
import { compareAll, isWithin } from './comparison.js'
import { markdownTable, plainTable, tableOf } from './table.js'

const all = await compareAll()
const rows = tableOf(all)
console.log(plainTable(rows))
const figures = all.flatMap(({ compared }) => compared)
const off = figures.filter(row => !isWithin(row)).length
console.log(
  `\n${all.length} lanes, ${figures.length} figures, measured / theory / replayed; ${off} beyond the bound`
)

const text = `# Measured figures against theory

Made by \`npm run verify\` (some ten seconds; \`test/lib/theory/verification.test.ts\` holds the same figures). Do not edit.

Five kinds of traffic, each with four kinds of consumer, the polling ones reading the latest value and the log, on a
simulated clock: the poller, its readings, its schedule and the metrics node are the real ones; a simulated feed answers
10 ms after the request left, and the answer takes 10 ms back; push takes 4 ms and loses 5 %. Every cell is _measured /
theory_, and where chance decides a third one, the very polls or losses of that run replayed; theory is computed from the instants of the updates alone (the gaps between them, or
the replay of the updates through the rule of a long poll or of adaptive polling).

A figure agrees when it is within 1 % of theory (a share: one point of a hundred). Where chance decides (the phase of a
fixed interval, which updates are lost), it must be within 1 % of its very run replayed, and within four standard
deviations of one run from theory: of ${figures.length} figures,
${figures.length - off} do. Recordings: one week of earthquakes, 300 times faster; three years of commits to a branch, 50 000 times faster,
three times over. Long poll: held for 5 s. Adaptive: 0.2 s to 8 s, starting with 1 s.

${markdownTable(rows)}
`
writeFileSync(join(projectRoot, 'docs', 'verification.md'), text)
process.exitCode = off === 0 ? 0 : 1
