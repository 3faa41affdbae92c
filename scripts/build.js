// Compiles TypeScript into dist/ and copies what Node-RED looks for beside each node file.
// Does nothing when no source changed; removes from dist/ what has no source any more.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundlePanel, PANEL, PANEL_OUTPUTS } from './build-panel.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const stampFile = join(dist, '.built')

const filesIn = folder =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path)
        return [relative(root, path)]
      })
    : []
const sources = ['lib', 'nodes', 'panel', 'test', 'bench', 'types', 'icons'].flatMap(folder =>
  filesIn(join(root, folder))
)
// of the browser half only the pure model is compiled one file by one, for tests: the rest is bundled
const compiled = sources.filter(
  file =>
    file.endsWith('.ts') &&
    !file.endsWith('.d.ts') &&
    (!file.startsWith(`panel${sep}`) || file.startsWith(join('panel', 'model')))
)

/** Where a file that is copied goes: HTML, locales and the node's icon, beside the node's JavaScript. */
function copyOf(file) {
  const [folder, ...rest] = file.split(sep)
  if (folder === 'nodes' && !file.endsWith('.ts')) return join('dist', file)
  if (folder === 'panel' && rest[0] === 'locales') return join('dist', file)
  if (folder === 'icons' && file.endsWith('.svg')) {
    const type = basename(file, '.svg')
    return join('dist', 'nodes', type, 'icons', ...rest)
  }
  return undefined
}

const stamp = JSON.stringify(
  [
    ...sources,
    'tsconfig.json',
    'package-lock.json',
    join('scripts', 'build.js'),
    join('scripts', 'build-panel.js'),
    join('scripts', 'named-chunks.js')
  ].map(file => {
    const { mtimeMs, size } = statSync(join(root, file))
    return [file, mtimeMs, size]
  })
)
if (existsSync(stampFile) && existsSync(join(root, PANEL)) && readFileSync(stampFile, 'utf8') === stamp)
  process.exit(0)
rmSync(stampFile, { force: true })

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
for (const project of [root, join(root, 'panel')]) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit', cwd: root })
  if (status !== 0) process.exit(status ?? 1)
}
await bundlePanel(root)

const copies = sources.flatMap(file => {
  const to = copyOf(file)
  return to === undefined ? [] : [[file, to]]
})
for (const [from, to] of copies) {
  mkdirSync(dirname(join(root, to)), { recursive: true })
  copyFileSync(join(root, from), join(root, to))
}

const expected = new Set([
  join('dist', '.tsbuildinfo'),
  join('dist', '.tsbuildinfo-panel'),
  ...PANEL_OUTPUTS,
  ...copies.map(([, to]) => to),
  ...compiled.flatMap(file => {
    const script = join('dist', file.replace(/\.ts$/, '.js'))
    return [script, `${script}.map`]
  })
])
for (const file of filesIn(dist)) if (!expected.has(file)) rmSync(join(root, file))

writeFileSync(stampFile, stamp)
