// One bench in a process of its own, so that none warms up or burdens the next: node run-one.js <module>
import { pathToFileURL } from 'node:url'
import type { Bench } from './bench.js'

const [file] = process.argv.slice(2)
const module: { default: Bench } = await import(pathToFileURL(file ?? '').href)
process.send?.({ name: module.default.name })
process.send?.({ rows: await module.default.run() })
process.disconnect?.()
