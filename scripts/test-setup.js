// Brings what the tests need beyond npm: some Debian packages and Node-RED 5 with a Node.js of its own.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const path = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
function onPath(command) {
  return path.some(folder => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function run(command, args, options = {}) {
  console.log(`> ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? `exit code ${status}`}`)
}

/** What a command prints; '' where it is missing or fails. */
function said(command, ...args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? ''
}

/** Where promtool is put when none is on the PATH; the tests look here too. */
const promtool = join(root, 'test', 'runtimes', 'promtool', 'promtool')

/** What tests start or show, and the Debian package that brings it. */
const needed = [
  {
    what: 'chromium-headless-shell on the PATH',
    package: 'chromium-headless-shell',
    there: () => onPath('chromium-headless-shell')
  },
  {
    // without a font a page has text of no size, and nothing on it counts as visible; Chromium brings none
    what: 'the Liberation fonts',
    package: 'fonts-liberation',
    there: () =>
      said('fc-list', ':', 'family').includes('Liberation') ||
      said('dpkg', '-s', 'fonts-liberation').includes('install ok installed')
  },
  { what: 'mosquitto on the PATH', package: 'mosquitto', there: () => onPath('mosquitto') },
  {
    what: 'promtool on the PATH',
    package: 'prometheus',
    there: () => onPath('promtool') || existsSync(promtool),
    bring: unpackPromtool
  }
]
const missing = () => needed.filter(({ there }) => !there())

/** Only promtool out of the package: installed, it would start a server. */
function unpackPromtool() {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'))
  try {
    run('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=', 'prometheus'], { cwd: folder })
    const file = readdirSync(folder).find(name => name.endsWith('.deb'))
    run('dpkg-deb', ['-x', join(folder, file ?? ''), join(folder, 'unpacked')])
    mkdirSync(dirname(promtool), { recursive: true })
    copyFileSync(join(folder, 'unpacked', 'usr', 'bin', 'promtool'), promtool)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function installDebianPackages() {
  const wanted = missing()
  if (wanted.length === 0) return
  if (onPath('apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const isRoot = process.getuid?.() === 0
    const installed = wanted.filter(({ bring }) => bring === undefined).map(({ package: name }) => name)
    const steps = [
      ...(isRoot ? [() => run('apt-get', ['update', '-q'], { env })] : []),
      ...(isRoot && installed.length > 0
        ? [() => run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...installed], { env })]
        : []),
      ...wanted.flatMap(({ bring }) => bring ?? [])
    ]
    for (const step of steps)
      try {
        step()
      } catch (error) {
        // one source that is out of reach: the lists of the others, or older ones, may do;
        // what is still missing is said below, in words
        console.error(error.message)
      }
  }
  const still = missing()
  if (still.length === 0) return
  const names = still.map(({ package: name }) => name).join(' ')
  throw new Error(
    `the tests need ${still.map(({ what }) => what).join(' and ')}; on Debian: apt-get install ${names}`
  )
}

/** Node-RED 5 needs Node.js 22.9; on Linux x64 npm brings one into that folder, elsewhere the running one must do. */
function installNodeRed5() {
  const folder = join(root, 'test', 'runtimes', 'node-red-5')
  const marker = join(folder, 'node_modules', '.installed')
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ownNode = process.platform === 'linux' && process.arch === 'x64'
  if (!ownNode && (major < 22 || (major === 22 && minor < 9)))
    throw new Error(
      `the tests need Node.js 22.9 or later for Node-RED 5 on ${process.platform}-${process.arch}, found ${process.version}`
    )
  rmSync(marker, { force: true })
  const npm = process.env.npm_execpath
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error']
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))
  if (npm === undefined) run('npm', args, { cwd: folder, env, shell: process.platform === 'win32' })
  else run(process.execPath, [npm, ...args], { cwd: folder, env })
  writeFileSync(marker, lock)
}

try {
  installDebianPackages()
  installNodeRed5()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
