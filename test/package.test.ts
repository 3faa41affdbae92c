import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './helpers/packed.js'
import { projectRoot } from './helpers/runtimes.js'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly keywords: readonly string[]
  readonly engines: { readonly node: string }
  readonly dependencies: Readonly<Record<string, string>>
  readonly 'node-red': { readonly version: string; readonly nodes: Readonly<Record<string, string>> }
}

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as Manifest
const types = Object.keys(manifest['node-red'].nodes)
const examples = readdirSync(join(projectRoot, 'examples', 'flows'))

describe('the package', () => {
  let packed: readonly string[]
  before('pack', async function () {
    this.timeout(60_000)
    const [report] = JSON.parse(await npm(['pack', '--ignore-scripts', '--dry-run', '--json'], projectRoot))
    packed = (report as { files: readonly { path: string }[] }).files.map(file => file.path)
  })

  it('ships what runs and what people read, and nothing else', () => {
    const allowed =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(lib|nodes)\/.+\.(js|html|json|svg)|dist\/panel\/push-vs-pull\.html|dist\/panel\/locales\/.+\.json|resources\/[a-z-]+\.js|examples\/flows\/.+\.json)$/
    assert.deepEqual(
      packed.filter(path => !allowed.test(path)),
      []
    )
  })

  /** A file of the panel, and all that it waits for. */
  function loadedWith(file: string): ReadonlySet<string> {
    const found = new Set([file])
    for (const one of found)
      for (const [, needed = ''] of read(`resources/${one}`).matchAll(/(?:from|import)"\.\/([^"?]+)/g))
        found.add(needed)
    return found
  }
  const weight = (files: Iterable<string>): number =>
    [...files].reduce((sum, file) => sum + Buffer.byteLength(read(`resources/${file}`)), 0)

  it('ships a panel of at most 150 kB, with the licence of what is in it', () => {
    const first = loadedWith('panel.js')
    assert.ok(weight(first) <= 150_000, `${weight(first)} bytes in ${[...first]}`)
    for (const file of first) assert.match(read(`resources/${file}`), /^\/\*! With uPlot, .*MIT/)
  })

  it('loads the rest of the panel when it is looked at', () => {
    const first = loadedWith('panel.js')
    for (const [part, most] of [
      ['deciding.js', 60_000],
      ['table.js', 20_000],
      ['saved.js', 12_000]
    ] as const) {
      assert.ok(!first.has(part), `${part} comes at once`)
      const later = [...loadedWith(part)].filter(file => !first.has(file))
      assert.ok(weight(later) <= most, `${weight(later)} bytes in ${later}`)
    }
  })

  it('ships every text and help in English and in German', () => {
    const english = packed.filter(path => path.includes('/locales/en-US/'))
    assert.ok(english.length >= 20)
    for (const path of english) {
      const german = path.replace('/en-US/', '/de/')
      assert.ok(packed.includes(german), `${german} is missing`)
    }
  })

  it('ships the panel, which the editor loads by address', () => {
    const files = ['panel.js', 'saved.js', 'table.js'].flatMap(file => [...loadedWith(file)])
    for (const path of ['dist/panel/push-vs-pull.html', ...files.map(file => `resources/${file}`)])
      assert.ok(packed.includes(path), `${path} is missing`)
  })

  it('ships JavaScript, dialog, texts, help and icon of every node type', () => {
    for (const type of types) {
      assert.equal(manifest['node-red'].nodes[type], `dist/nodes/${type}/${type}.js`)
      for (const file of [
        `${type}.js`,
        `${type}.html`,
        `locales/en-US/${type}.json`,
        `locales/en-US/${type}.html`
      ])
        assert.ok(packed.includes(`dist/nodes/${type}/${file}`), `${type} lacks ${file}`)
      const [, icon] = /\bicon: *'([^']+)'/.exec(read(`nodes/${type}/${type}.html`)) ?? []
      const config = /category: *'config'/.test(read(`nodes/${type}/${type}.html`))
      if (!config) assert.equal(icon, `${type}.svg`)
      if (icon) assert.ok(packed.includes(`dist/nodes/${type}/icons/${icon}`), `${type} lacks its icon`)
    }
  })

  it('registers every folder of nodes/', () => {
    const folders = readdirSync(join(projectRoot, 'nodes')).filter(folder => folder !== 'shared')
    assert.deepEqual([...types].sort(), folders.sort())
  })

  it('is found by what people search for', () => {
    const words = 'node-red mqtt broker aedes http polling long-polling webhook latency age-of-information'
    for (const word of words.split(' ')) assert.ok(manifest.keywords.includes(word), `no keyword ${word}`)
  })

  it('passes the scorecard of the Flow Library: scope, licence, engines, at most six dependencies', () => {
    assert.match(manifest.name, /^@[^/]+\/node-red-/)
    assert.equal(manifest.license, 'MIT')
    // Node-RED 5 itself needs 22.9.0, which the range must include
    assert.equal(manifest.engines.node, '>=20.19')
    assert.equal(manifest['node-red'].version, '>=4.1.0')
    assert.ok(Object.keys(manifest.dependencies).length <= 6)
    // Semi-internal seams of the broker are tested against this very version
    assert.match(manifest.dependencies.aedes ?? '', /^\d+\.\d+\.\d+$/)
  })

  it('spells out for the scorecard what a node is, literally', () => {
    for (const type of types) {
      const html = read(`nodes/${type}/${type}.html`)
      assert.ok(html.includes(`RED.nodes.registerType('${type}', {`), `${type} registers otherwise`)
      for (const property of ['category', 'defaults'])
        assert.match(html, new RegExp(`\\b${property}: *['{]`), `${type} lacks a literal ${property}`)
    }
  })

  it('shows every node type in an example', () => {
    const used = new Set(
      examples.flatMap(file =>
        (JSON.parse(read(`examples/flows/${file}`)) as { type: string }[]).map(node => node.type)
      )
    )
    assert.deepEqual(
      types.filter(type => !used.has(type)),
      []
    )
  })

  it('gives examples names that every platform and the import dialog can open', () => {
    assert.ok(examples.length >= 5)
    for (const file of examples) assert.match(file, /^[A-Za-z0-9 ,._-]+\.json$/)
  })

  it('has lock files that name no address to download from', () => {
    for (const folder of ['', 'test/runtimes/node-red-5/']) {
      const lock = JSON.parse(read(`${folder}package-lock.json`)) as {
        packages: Record<string, { resolved?: string }>
      }
      for (const [name, { resolved }] of Object.entries(lock.packages))
        assert.equal(resolved, undefined, `${folder}package-lock.json: ${name}`)
    }
  })

  it('has a changelog entry for its version', () => {
    assert.ok(read('CHANGELOG.md').includes(`## [${manifest.version}]`))
    assert.ok(existsSync(join(projectRoot, 'LICENSE')))
  })
})
