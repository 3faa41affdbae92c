import type { FlowNode } from '../helpers/node-red.js'

const node = (id: string, type: string, y: number, rest: object = {}): FlowNode => ({
  id,
  type,
  name: id,
  z: 'tab',
  x: 200,
  y,
  wires: [],
  ...rest
})

/** One node of each type, wired, with one broker and one feed. */
export const comparisonFlow: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'House' },
  { id: 'broker', type: 'push-broker', name: 'Our broker' },
  { id: 'feed', type: 'poll-feed', name: 'Our feed' },
  node('workload', 'delivery-workload', 80, { wires: [['origin']] }),
  node('origin', 'delivery-origin', 140, { broker: 'broker', feed: 'feed', wires: [['metrics']] }),
  node('push', 'push-source', 200, { broker: 'broker', wires: [['metrics'], ['metrics']] }),
  node('poll', 'poll-source', 260, { feed: 'feed', wires: [['metrics'], ['metrics']] }),
  node('metrics', 'delivery-metrics', 320, { wires: [[], []] })
]
