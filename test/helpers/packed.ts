import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from './runtimes.js'

export const packageName = '@push-pull/node-red-delivery'

const made = new Set<string>()
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A folder that is gone when the tests have ended, at the latest. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'delivery-test-'))
  made.add(path)
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 })
      made.delete(path)
    }
  }
}

/** Runs npm as a user would, without what an npm script around the tests says in the environment. */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))
  const script = process.env.npm_execpath
  const [command, first] = script === undefined ? ['npm', []] : [process.execPath, [script]]
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', chunk => {
      output += chunk
    })
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.on('error', reject)
    child.on('close', code =>
      code === 0 ? resolve(output) : reject(new Error(`npm ${args.join(' ')} ended with ${code}: ${errors}`))
    )
  })
}

let packing: Promise<string> | undefined
/** The tarball that users install: packed once per test run. @returns its path */
export function tarball(): Promise<string> {
  packing ??= (async () => {
    const folder = temporaryFolder().path
    await npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], projectRoot)
    return join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? '')
  })()
  return packing
}

let installing: Promise<string> | undefined
/** A `node_modules` with the installed tarball, made once per test run: pure JavaScript, so one serves every runtime. */
function installedModules(): Promise<string> {
  installing ??= (async () => {
    const file = await tarball()
    const folder = temporaryFolder().path
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel', 'error']
    await npm(['install', '--omit=dev', '--ignore-scripts', ...quiet, file], folder)
    return join(folder, 'node_modules')
  })()
  return installing
}

/** A user directory of Node-RED with the tarball installed; `bare` without. */
export async function userDirectory({
  bare = false
}: {
  bare?: boolean
} = {}): Promise<{ path: string; remove(): void }> {
  const modules = bare ? undefined : await installedModules()
  const folder = temporaryFolder()
  const dependencies = bare ? {} : { [packageName]: '*' }
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify({ private: true, dependencies }))
  if (modules === undefined) mkdirSync(join(folder.path, 'node_modules'))
  else symlinkSync(modules, join(folder.path, 'node_modules'), 'junction')
  return folder
}
