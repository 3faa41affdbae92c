// Parts that every example has.

const README = 'https://www.npmjs.com/package/@push-pull/node-red-delivery#readme'

/** The first comment: what to do first, and where to read on. */
export const readMore = what => ({
  name: `START HERE: ${what}`,
  info: `[Open the panel](#push-vs-pull): it draws what happens, while it happens. It is in the menu View, too: _Push vs pull_.

What the words mean and how to read the numbers: [README of the package](${README}).

Each node has its own help: click it, then the book in the sidebar.
The report goes to the debug sidebar every 5 seconds.`
})

/** Makes the row of the origin and of the metrics node run between the groups Push and Pull. */
export const BETWEEN = 1

/** The origin that hands each update of `stream` to broker and feed, and to the metrics node as the truth. */
export const toBothServers = (id, stream) => ({
  key: 'origin',
  type: 'delivery-origin',
  name: 'to both servers',
  broker: id('broker'),
  feed: id('feed'),
  stream,
  wires: [['metrics']]
})

/** A source that receives `stream` from the broker, everything of it wired to the metrics node. */
export const pushed = (id, stream, name = 'pushed') => ({
  key: 'pushed',
  type: 'push-source',
  name,
  broker: id('broker'),
  stream,
  wires: [['metrics'], ['metrics']]
})

/** The group that measures: one metrics node and its report, the only active debug node. */
export const measured = (name, properties = {}) => ({
  name: 'Measure',
  offset: BETWEEN,
  rows: [
    [
      { key: 'metrics', type: 'delivery-metrics', name, ...properties, wires: [['report'], []] },
      { key: 'report', type: 'debug', name: 'report', active: true, wires: [] }
    ]
  ]
})
