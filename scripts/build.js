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
const sources = ['lib', 'nodes', 'test', 'bench', 'types', 'icons'].flatMap(folder =>
  filesIn(join(root, folder))
)
const compiled = sources.filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))

/** Where a file that is copied goes: HTML, locales and the node's icon, beside the node's JavaScript. */
function copyOf(file) {
  const [folder, ...rest] = file.split(sep)
  if (folder === 'nodes' && !file.endsWith('.ts')) return join('dist', file)
  if (folder === 'icons' && file.endsWith('.svg')) {
    const type = basename(file, '.svg')
    return join('dist', 'nodes', type, 'icons', ...rest)
  }
  return undefined
}

const stamp = JSON.stringify(
  [...sources, 'tsconfig.json', 'package-lock.json', join('scripts', 'build.js')].map(file => {
    const { mtimeMs, size } = statSync(join(root, file))
    return [file, mtimeMs, size]
  })
)
if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) process.exit(0)
rmSync(stampFile, { force: true })

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json')], {
  stdio: 'inherit',
  cwd: root
})
if (status !== 0) process.exit(status ?? 1)

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
  ...copies.map(([, to]) => to),
  ...compiled.flatMap(file => {
    const script = join('dist', file.replace(/\.ts$/, '.js'))
    return [script, `${script}.map`]
  })
])
for (const file of filesIn(dist)) if (!expected.has(file)) rmSync(join(root, file))

writeFileSync(stampFile, stamp)
