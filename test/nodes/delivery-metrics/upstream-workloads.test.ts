import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import { upstreamWorkloads } from '../../../nodes/delivery-metrics/upstream-workloads.js'

const deployed = [
  {
    id: 'quakes',
    type: 'delivery-workload',
    name: 'Quakes',
    arrivals: 'replay',
    speed: '300',
    seed: '7',
    rate: '1',
    wires: [['out']]
  },
  { id: 'out', type: 'link out', links: ['in'], wires: [] },
  { id: 'in', type: 'link in', links: ['out'], wires: [['origin']] },
  { id: 'origin', type: 'delivery-origin', wires: [['metrics']] },
  { id: 'made', type: 'delivery-workload', name: '', wires: [['origin']], limit: '' },
  { id: 'elsewhere', type: 'delivery-workload', name: 'Elsewhere', wires: [['nowhere']] },
  // a circle, as feedback loops have it
  { id: 'metrics', type: 'delivery-metrics', wires: [['origin'], []] }
]
const RED = {
  nodes: { eachNode: (visit: (node: unknown) => void) => deployed.forEach(visit) }
} as unknown as NodeAPI

describe('the workloads that feed a metrics node', () => {
  it('are found over wires and links, with the settings that count for their arrivals', () => {
    const expected = [
      {
        name: 'Quakes',
        settings: [
          ['arrivals', 'replay'],
          ['speed', '300'],
          ['seed', '7']
        ]
      },
      { name: 'made', settings: [['arrivals', 'poisson']] }
    ]
    assert.deepEqual(upstreamWorkloads(RED, ['metrics']), expected)
    assert.deepEqual(upstreamWorkloads(RED, ['instance-origin']), expected)
  })

  it('are none where nothing leads to it', () => {
    assert.deepEqual(upstreamWorkloads(RED, ['unknown']), [])
  })
})
