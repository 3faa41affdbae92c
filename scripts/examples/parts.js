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
