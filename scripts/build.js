// Compiles TypeScript into dist/ and copies what Node-RED looks for beside each node file.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

const copy = (from, to) => {
  rmSync(to, { recursive: true, force: true })
  if (existsSync(from)) cpSync(from, to, { recursive: true })
}

const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json')], {
  stdio: 'inherit',
  cwd: root
})
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

for (const type of readdirSync(join(root, 'nodes')).filter(name => name !== 'shared')) {
  const target = join(root, 'dist', 'nodes', type)
  mkdirSync(target, { recursive: true })
  copy(join(root, 'nodes', type, `${type}.html`), join(target, `${type}.html`))
  copy(join(root, 'nodes', type, 'locales'), join(target, 'locales'))
  const icon = join(root, 'icons', `${type}.svg`)
  if (existsSync(icon)) {
    mkdirSync(join(target, 'icons'), { recursive: true })
    copy(icon, join(target, 'icons', `${type}.svg`))
  }
}
