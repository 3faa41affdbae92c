import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

interface FlowEntry {
  readonly id: string
  readonly type: string
  readonly z?: string
  readonly g?: string
  readonly name?: string
  readonly label?: string
  readonly info?: string
  readonly x?: number
  readonly y?: number
  readonly w?: number
  readonly h?: number
  readonly wires?: readonly (readonly string[])[]
  readonly nodes?: readonly string[]
  readonly [property: string]: unknown
}
interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const folder = join('examples', 'flows')
const script = (file: string) => import(pathToFileURL(resolve('scripts', file)).href)
const files = readdirSync(folder).sort()
const flows = new Map(
  files.map(file => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly FlowEntry[]])
)
const ours = (type: string) => /^(delivery-|push-|poll-)/.test(type)
/** What the editor saves beside the properties of a node; `d`: disabled. */
const geometry = ['id', 'type', 'z', 'g', 'd', 'x', 'y', 'wires']
const HEIGHT = 30

describe('the examples', () => {
  let nodeWidth: (type: string, label: string) => number
  let editorDefaults: (type: string) => Record<string, unknown>
  let generated: readonly { file: string; text: string }[]
  before(async () => {
    nodeWidth = (await script('examples/layout.js')).nodeWidth
    editorDefaults = (await script('editor-type.js')).editorDefaults
    generated = (await script('examples.js')).examples()
  })

  const boxOf = ({ type, name = '', x = 0, y = 0 }: FlowEntry): Box => {
    const half = nodeWidth(type, name) / 2
    return { left: x - half, right: x + half, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 }
  }
  const apart = (a: Box, b: Box, gap: number) =>
    a.right + gap <= b.left || b.right + gap <= a.left || a.bottom + gap <= b.top || b.bottom + gap <= a.top

  it('are by the names that people look for', () => {
    assert.deepEqual(files, [
      '01 - Push and pull side by side.json',
      '02 - Earthquakes, pushed or polled.json',
      '03 - Four ways to poll.json',
      '04 - Webhook or poll the branch.json',
      '05 - Your own broker and your own URL.json',
      '06 - Predicted against measured.json',
      '07 - Pull the plug.json',
      '08 - What should I use.json',
      '09 - Report on your own URL.json'
    ])
    for (const file of files) assert.match(file, /^[\w ,.-]+$/)
  })

  it('are what scripts/examples.js makes', () => {
    for (const { file, text } of generated) assert.equal(readFileSync(join(folder, file), 'utf8'), text, file)
  })

  it('may all be imported at once: no id comes twice, and each has config nodes and streams of its own', () => {
    const entries = [...flows.values()].flat()
    const ids = entries.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    const paths = entries.filter(({ type }) => type === 'http in').map(({ url }) => url)
    assert.equal(new Set(paths).size, paths.length)
  })

  it('use every node type of ours', () => {
    const used = new Set([...flows.values()].flat().map(({ type }) => type))
    const types = readdirSync('nodes').filter(type => type !== 'shared')
    assert.deepEqual(
      types.filter(type => !used.has(type)),
      []
    )
  })

  for (const [file, flow] of flows)
    describe(file, () => {
      const byId = new Map(flow.map(entry => [entry.id, entry]))
      const placed = flow.filter(({ wires }) => wires)
      const groups = flow.filter(({ type }) => type === 'group')
      const of = (type: string) => flow.filter(entry => entry.type === type)

      it('has one tab, and everything with a place is on it', () => {
        const tabs = of('tab')
        assert.equal(tabs.length, 1)
        for (const { z, id } of [...placed, ...groups]) assert.equal(z, tabs[0]?.id, id)
      })

      it('refers to nothing that is not in it', () => {
        for (const { id, wires = [], nodes = [], g, broker, feed } of flow) {
          for (const target of [...wires.flat(), ...nodes]) assert.ok(byId.has(target), `${id} → ${target}`)
          for (const reference of [g, broker, feed])
            if (typeof reference === 'string' && /^[0-9a-f]{16}$/.test(reference))
              assert.ok(byId.has(reference), `${id} → ${reference}`)
        }
      })

      it('gives our nodes exactly the properties that the editor saves', () => {
        for (const { id, type, ...properties } of flow.filter(entry => ours(entry.type)))
          assert.deepEqual(
            Object.keys(properties)
              .filter(key => !geometry.includes(key))
              .sort(),
            Object.keys(editorDefaults(type)).sort(),
            `${type} ${id}`
          )
      })

      it('has no port of its own but 18830 in example 05', () => {
        const ports = [...of('push-broker'), ...of('poll-feed')]
          .map(({ port }) => port)
          .filter(port => port !== '0')
        assert.deepEqual(ports, file.startsWith('05') ? ['18830'] : [])
      })

      it('wires origin, deliveries and exchanges into its metrics node', () => {
        const [metrics, ...more] = of('delivery-metrics')
        assert.ok(metrics)
        assert.equal(more.length, 0)
        for (const { name, wires } of of('delivery-origin')) assert.ok(wires?.[0]?.includes(metrics.id), name)
        for (const { name, wires } of [...of('push-source'), ...of('poll-source')])
          assert.deepEqual(wires, [[metrics.id], [metrics.id]], name)
      })

      it('shows the report, and only that', () => {
        const active = of('debug').filter(debug => debug.active)
        assert.equal(active.length, 1)
        assert.ok(of('delivery-metrics')[0]?.wires?.[0]?.includes(active[0]?.id ?? ''))
      })

      it('has the groups Origin, Push, Pull and Measure, which hold every node but the comments', () => {
        assert.deepEqual(
          groups.map(({ name }) => name),
          ['Origin', 'Push', 'Pull', 'Measure']
        )
        for (const { type, g, id } of placed) {
          assert.equal(g === undefined, type === 'comment', id)
          if (g !== undefined) assert.ok(byId.get(g)?.nodes?.includes(id))
        }
      })

      it('tells in the names of its comments where to start, what to expect and where to read on', () => {
        const [first, ...others] = of('comment')
        assert.match(first?.name ?? '', /^START HERE: .*Deploy/)
        assert.match(first?.info ?? '', /https:\/\//)
        assert.ok(others.some(({ name }) => name?.startsWith('EXPECT')))
        for (const { name = '' } of others) assert.match(name, /^(EXPECT|LOOK|TRY)/)
      })

      it('has no two nodes that touch, and no two groups', () => {
        for (const [index, a] of placed.entries())
          for (const b of placed.slice(index + 1))
            assert.ok(apart(boxOf(a), boxOf(b), 10), `${a.name} and ${b.name}`)
        const boxes = groups.map(({ x = 0, y = 0, w = 0, h = 0 }) => ({
          left: x,
          right: x + w,
          top: y,
          bottom: y + h
        }))
        for (const [index, a] of boxes.entries()) {
          for (const b of boxes.slice(index + 1)) assert.ok(apart(a, b, 20))
          for (const comment of of('comment')) assert.ok(apart(a, boxOf(comment), 20))
        }
      })

      it('has groups that enclose their nodes, their buttons and their status', () => {
        for (const { x = 0, y = 0, w = 0, h = 0, nodes = [], name } of groups)
          for (const id of nodes) {
            const node = byId.get(id)
            assert.ok(node)
            const box = boxOf(node)
            assert.ok(box.left >= x + 30 && box.right <= x + w - 30, `${name}: ${node.name}`)
            assert.ok(box.top >= y + 25 && box.bottom <= y + h - 25, `${name}: ${node.name}`)
          }
      })

      it('is on the grid', () => {
        for (const { x = 0, y = 0, name } of placed) assert.ok(x % 10 === 0 && y % 20 === 0, name)
      })
    })
})
