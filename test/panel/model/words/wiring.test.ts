import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { missingWires } from '../../../../panel/model/words/missing-wires.js'
import { type Known, situationOf } from '../../../../panel/model/words/situation.js'
import {
  type Flow,
  type FlowNode,
  nodeOf,
  reaches,
  upstreamOf
} from '../../../../panel/model/words/wiring.js'
import { projectRoot } from '../../../helpers/runtimes.js'
import { catalogueText } from '../../catalogue.js'
import { laneReport, reportOf } from '../../reports.js'

const node = (id: string, type: string, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  type,
  name: id,
  place: 'Flow 1',
  tab: 'tab',
  disabled: false,
  servers: [],
  stream: 'updates',
  ...more
})
/** `origin m, poll:1 m`: from, output, to. */
const wires = (text: string): Flow['wires'] =>
  text.split(', ').map(wire => {
    const [start = '', to = ''] = wire.split(' ')
    const [from = '', port = '0'] = start.split(':')
    return { from, port: Number(port), to }
  })

const nodes = [
  node('load', 'delivery-workload'),
  node('origin', 'delivery-origin', { servers: ['b', 'f'] }),
  node('push', 'push-source', { servers: ['b'] }),
  node('poll', 'poll-source', { servers: ['f'] }),
  node('m', 'delivery-metrics')
]
const whole = 'load origin, origin m, push m, push:1 m, poll m, poll:1 m'
const missing = (flow: Flow) =>
  missingWires(flow, 'm').map(({ kind, node: { id }, into }) => `${kind} ${id} ${into}`)
const without = (wire: string, more = '') => wires(whole.replace(wire, 'x y') + more)

describe('the wires of a flow', () => {
  it('are followed through whatever stands between, also in circles', () => {
    const flow = { wires: wires('a b, b c, c b, c m, d e') }
    assert.deepEqual([...upstreamOf(flow, 'm')].sort(), ['a', 'b', 'c'])
    assert.equal(reaches(flow, 'a', 0, 'm'), true)
    assert.equal(reaches(flow, 'a', 1, 'm'), false)
    assert.equal(reaches(flow, 'd', 0, 'm'), false)
  })

  it('belong to nodes inside subflows, too', () => {
    assert.equal(nodeOf({ nodes }, 'instance-poll')?.id, 'poll')
    assert.equal(nodeOf({ nodes }, 'poll')?.id, 'poll')
    assert.equal(nodeOf({ nodes }, 'instance-none'), undefined)
  })
})

describe('missing wires', () => {
  it('are none in a whole comparison, whatever else the messages pass', () => {
    assert.deepEqual(missing({ nodes, wires: wires(whole) }), [])
    assert.deepEqual(missing({ nodes, wires: without('poll m', ', poll filter, filter m') }), [])
  })

  it('are named one by one', () => {
    assert.deepEqual(missing({ nodes, wires: without('poll m') }), ['first poll m'])
    assert.deepEqual(missing({ nodes, wires: without('poll:1 m') }), ['second poll m'])
    assert.deepEqual(missing({ nodes, wires: without('origin m') }), ['origin origin m'])
    assert.deepEqual(missing({ nodes, wires: without('load origin') }), ['updates origin m'])
  })

  it('begin with those without which nothing is measured', () => {
    assert.deepEqual(missing({ nodes, wires: wires('load origin, push m') }), [
      'first poll m',
      'origin origin m',
      'second push m'
    ])
  })

  it('say that one source alone compares with nothing', () => {
    const alone = nodes.filter(({ id }) => id !== 'poll')
    assert.deepEqual(missing({ nodes: alone, wires: wires(whole) }), ['model push m'])
  })

  it('are not asked of sources that another metrics node measures, that are off, or that stand elsewhere', () => {
    const two = [...nodes, node('n', 'delivery-metrics'), node('other', 'poll-source')]
    assert.deepEqual(missing({ nodes: two, wires: wires(`${whole}, other n`) }), [])
    const off = [...nodes, node('other', 'poll-source', { disabled: true })]
    assert.deepEqual(missing({ nodes: off, wires: wires(whole) }), [])
    const far = [...nodes, node('other', 'poll-source', { tab: 'far' })]
    assert.deepEqual(missing({ nodes: far, wires: wires(whole) }), [])
  })

  it('are asked of an origin on another tab when it feeds what is measured', () => {
    const away = (more: Partial<FlowNode>) =>
      nodes.map(each => (each.id === 'origin' ? { ...each, tab: 'far', ...more } : each))
    const flow = { wires: without('origin m') }
    assert.deepEqual(missing({ ...flow, nodes: away({}) }), ['origin origin m'])
    assert.deepEqual(missing({ ...flow, nodes: away({ stream: 'another' }) }), [])
    assert.deepEqual(missing({ ...flow, nodes: away({ servers: ['c'] }) }), [])
  })

  it('are none in any example', () => {
    const folder = join(projectRoot, 'examples', 'flows')
    for (const file of readdirSync(folder)) {
      const flow = flowOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exported[])
      for (const { id, type } of flow.nodes)
        if (type === 'delivery-metrics') {
          const found = missingWires(flow, id).map(({ kind, node: { name } }) => [kind, name])
          assert.deepEqual([file, found], [file, []])
        }
    }
  })
})

interface Exported {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly z?: string
  readonly broker?: string
  readonly feed?: string
  readonly stream?: string
  readonly links?: readonly string[]
  readonly wires?: readonly (readonly string[])[]
}

/** A flow file as the editor reads it. */
function flowOf(exported: readonly Exported[]): Flow {
  return {
    nodes: exported.map(({ id, type, name = '', z = '', broker, feed, stream = 'updates' }) =>
      node(id, type, { name, tab: z, stream, servers: [broker, feed].flatMap(server => server ?? []) })
    ),
    wires: exported.flatMap(({ id, type, links = [], wires = [] }) => [
      ...wires.flatMap((ends, port) => ends.map(to => ({ from: id, port, to }))),
      ...(type === 'link out' ? links.map(to => ({ from: id, port: 0, to })) : [])
    ])
  }
}

describe('how far somebody has come', () => {
  const empty = reportOf([])
  const at = (change: Partial<Known>) =>
    situationOf({
      running: [{ id: 'm' }],
      report: empty,
      flow: { nodes, wires: wires(whole) },
      placing: false,
      undeployed: false,
      workloadsRun: null,
      missing: missingWires,
      ...change
    })
  const kind = (change: Partial<Known>) => at(change).kind
  const measured = (delivered: number) => reportOf([laneReport({ updates: { delivered } })])

  it('is told from what runs and what stands in the workspace', () => {
    assert.equal(kind({ running: null }), 'waiting')
    assert.equal(kind({ running: [], flow: { nodes: [], wires: [] } }), 'nothing')
    assert.equal(kind({ running: [], placing: true }), 'placing')
    assert.equal(kind({ running: [], undeployed: true }), 'undeployed')
    assert.equal(kind({ running: [] }), 'stopped')
    assert.equal(kind({ report: null }), 'waiting')
    assert.equal(kind({}), 'unwired')
    assert.equal(kind({ report: measured(0) }), 'silent')
    assert.equal(kind({ report: measured(0), workloadsRun: false }), 'workload-stopped')
    assert.equal(kind({ report: measured(1) }), 'measuring')
  })

  it('has words for every step and every wire', () => {
    const kinds = [
      'waiting',
      'nothing',
      'placing',
      'undeployed',
      'disabled',
      'stopped',
      'unwired',
      'silent',
      'workload-stopped'
    ]
    for (const kind of kinds) assert.ok(catalogueText(`guide.${kind}`, { name: 'm' }))
    for (const kind of ['first', 'origin', 'updates', 'second', 'model'])
      assert.match(catalogueText(`guide.wire.${kind}`, { name: 'a', into: 'm' }), /“a”/)
    for (const form of ['one', 'other']) assert.ok(catalogueText(`guide.more.${form}`, { number: 2 }))
  })

  it('takes a metrics node that is switched on for the one that is meant', () => {
    const off = node('off', 'delivery-metrics', { disabled: true })
    assert.equal(kind({ running: [], flow: { nodes: [off], wires: [] } }), 'disabled')
    assert.equal(
      kind({ running: [], undeployed: true, flow: { nodes: [off, ...nodes], wires: [] } }),
      'undeployed'
    )
  })
})
