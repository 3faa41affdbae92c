// Writes examples/flows/*.json. The files are committed, because they ship; a test holds them to this.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { branch } from './examples/branch.js'
import { earthquakes } from './examples/earthquakes.js'
import { fourWays } from './examples/four-ways.js'
import { flowOf } from './examples/layout.js'
import { predicted } from './examples/predicted.js'
import { pullThePlug } from './examples/pull-the-plug.js'
import { reportUrl } from './examples/report-url.js'
import { sideBySide } from './examples/side-by-side.js'
import { whatToUse } from './examples/what-to-use.js'
import { yourOwn } from './examples/your-own.js'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'examples', 'flows')

/** The text of each example by its file name. */
export const examples = () =>
  [sideBySide, earthquakes, fourWays, branch, yourOwn, predicted, pullThePlug, whatToUse, reportUrl].map(
    example => ({
      file: example.file,
      text: `${JSON.stringify(flowOf(example), null, 2)}\n`
    })
  )

if (argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true })
  for (const { file, text } of examples()) writeFileSync(join(folder, file), text)
}
