/** A push-source in a subflow whose first output comes by link nodes, a poll-source by a junction; all else is wired. */
export const indirect = [
  {
    id: 'indirect0000sub',
    type: 'subflow',
    name: 'receive',
    in: [],
    out: [0, 1].map(port => ({ x: 300, y: 60 + 40 * port, wires: [{ id: 'indirect0000push', port }] }))
  },
  {
    id: 'indirect0000push',
    type: 'push-source',
    z: 'indirect0000sub',
    name: 'inside',
    x: 120,
    y: 60,
    wires: [[], []]
  },
  { id: 'indirect0000tab', type: 'tab', label: 'Indirect' },
  ...[
    { id: 'indirect0000inst', type: 'subflow:indirect0000sub', wires: [['indirect0000out'], []] },
    { id: 'indirect0000out', type: 'link out', mode: 'link', links: ['indirect0000in'], wires: [] },
    { id: 'indirect0000in', type: 'link in', links: ['indirect0000out'], wires: [['indirect0000meter']] },
    { id: 'indirect0000poll', type: 'poll-source', wires: [['indirect0000join'], ['indirect0000join']] },
    { id: 'indirect0000join', type: 'junction', wires: [['indirect0000meter']] },
    { id: 'indirect0000meter', type: 'delivery-metrics', name: 'meter', wires: [[], []] }
  ].map((node, place) => ({ ...node, z: 'indirect0000tab', x: 200, y: 60 * (place + 1) }))
]
