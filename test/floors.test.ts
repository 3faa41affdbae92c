import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

/** The floors of DESIGN.md: a file of `lib/` imports from its own floor or one below. */
const floors: Readonly<Record<string, number>> = {
  errors: 1,
  clock: 1,
  units: 1,
  quantities: 1,
  'number-texts': 1,
  backoff: 2,
  loopback: 2,
  update: 2,
  stats: 2,
  theory: 2,
  workload: 2,
  thread: 2,
  broker: 3,
  feed: 3,
  push: 3,
  poll: 3,
  metrics: 3,
  fleet: 4
}

/** 250 lines are a smell (STYLE.md), this is the end. */
const MOST_LINES = 300

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return path.endsWith('.ts') ? [path] : []
  })

/** The relative imports of a file as paths from the project's root. */
function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const found: Import[] = []
  for (const [, statement = '', kind = '', from = ''] of source.matchAll(
    /^((import|export)\s[^'"]*?from\s+)?(?:import\s+)?['"](\.[^'"]+)['"]/gm
  ))
    found.push({
      target: normalize(join(dirname(file), from)),
      typeOnly: new RegExp(`^${kind}\\s+type\\s`).test(statement)
    })
  for (const [, from = ''] of source.matchAll(/import\(\s*['"](\.[^'"]+)['"]\s*\)/g))
    found.push({ target: normalize(join(dirname(file), from)), typeOnly: false })
  return found
}

/** The room of a path in `lib/`: its folder, or its name at the top. */
const roomOf = (path: string): string => (relative('lib', path).split('/')[0] ?? '').replace(/\.[jt]s$/, '')
const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')

const lib = filesIn('lib')
const nodes = filesIn('nodes')

describe('the floors of the house', () => {
  it('every room of lib/ has a floor', () => {
    assert.deepEqual(
      [...new Set(lib.map(roomOf))].filter(room => !(room in floors)),
      []
    )
  })

  it('imports in lib/ only point down, and floor 3 rooms never import each other', () => {
    const wrong = lib.flatMap(file =>
      importsOf(file)
        .filter(({ target }) => {
          if (!target.startsWith('lib/')) return true
          const [from, to] = [roomOf(file), roomOf(target)]
          if (from === to) return false
          const [above, below] = [floors[from] ?? 0, floors[to] ?? 9]
          return below > above || (above >= 3 && below === above)
        })
        .map(({ target }) => `${file} → ${target}`)
    )
    assert.deepEqual(wrong, [])
  })

  it('no two rooms of lib/ import each other in a circle', () => {
    const below = new Map<string, Set<string>>()
    for (const file of lib)
      for (const { target } of importsOf(file)) {
        const room = roomOf(file)
        if (roomOf(target) !== room) below.set(room, (below.get(room) ?? new Set()).add(roomOf(target)))
      }
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...(below.get(from) ?? [])].some(
        next => next === to || (!seen.has(next) && reaches(next, to, seen.add(next)))
      )
    assert.deepEqual(
      [...below.keys()].filter(room => reaches(room, room)),
      []
    )
  })

  it('lib/ knows nothing of Node-RED', () => {
    assert.deepEqual(
      lib.filter(file => /from '(node-red|@node-red\/)/.test(readFileSync(file, 'utf8'))),
      []
    )
  })

  it('a node imports another node only as a type', () => {
    const wrong = nodes.flatMap(file =>
      importsOf(file)
        .filter(({ target, typeOnly }) => {
          const [top, from] = file.split('/')
          const [targetTop, to] = target.split('/')
          return top === 'nodes' && targetTop === 'nodes' && from !== to && to !== 'shared' && !typeOnly
        })
        .map(({ target }) => `${file} → ${target}`)
    )
    assert.deepEqual(wrong, [])
  })

  it('the model of the panel imports itself and lib/ alone, and nothing imports the panel', () => {
    const model = filesIn('panel/model').flatMap(file =>
      importsOf(file)
        .filter(({ target }) => !target.startsWith('panel/model/') && !target.startsWith('lib/'))
        .map(({ target }) => `${file} imports ${target}`)
    )
    const others = [...lib, ...nodes].flatMap(file =>
      importsOf(file)
        .filter(({ target }) => target.startsWith('panel/'))
        .map(({ target }) => `${file} imports ${target}`)
    )
    assert.deepEqual([...model, ...others], [])
  })

  it('nodes/shared imports no node', () => {
    assert.deepEqual(
      nodes
        .filter(file => file.startsWith('nodes/shared/'))
        .flatMap(file => importsOf(file).map(({ target }) => target))
        .filter(target => target.startsWith('nodes/') && !target.startsWith('nodes/shared/')),
      []
    )
  })

  it('time and chance come into lib/ as arguments', () => {
    const wrong = lib.filter(file => {
      const source = withoutComments(readFileSync(file, 'utf8'))
      return (
        /\bDate\.now\(|\bMath\.random\b|\bnew Date\(\)/.test(source) ||
        (file !== 'lib/clock.ts' && /\bperformance\.now\(/.test(source))
      )
    })
    assert.deepEqual(wrong, [])
  })

  it('schedules are never left to setInterval, which drifts', () => {
    assert.deepEqual(
      lib
        .filter(file => ['workload', 'poll'].includes(roomOf(file)))
        .filter(file => /\bsetInterval\((\(|async|\w+,)/.test(withoutComments(readFileSync(file, 'utf8')))),
      []
    )
  })

  it(`no file of ours is over ${MOST_LINES} lines`, () => {
    const long = [...lib, ...nodes, ...filesIn('panel')]
      .map(file => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES)
    assert.deepEqual(long, [])
  })
})

describe('the floors test itself', () => {
  it('sees every form of import', () => {
    assert.ok(importsOf('lib/workload/times.ts').some(({ target }) => target === 'lib/update/instant.js'))
    assert.ok(importsOf('lib/update/update.ts').every(({ typeOnly }) => typeOnly))
    assert.ok(importsOf('nodes/delivery-origin/servers.ts').some(({ typeOnly }) => !typeOnly))
  })
})
