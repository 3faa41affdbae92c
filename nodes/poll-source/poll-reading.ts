import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import { latestReading, logReading } from '../../lib/poll/feed-reading.js'
import type { Reading } from '../../lib/poll/reading.js'
import { urlReading } from '../../lib/poll/url-reading.js'
import type { Find } from '../../lib/update/foreign.js'
import type { Values } from '../shared/fields.js'
import { finder, finders } from '../shared/properties.js'
import type { fields } from './fields.js'
import type { TargetPlan } from './poll-target.js'

/** What no property can tell alone. @throws DeliveryError `CONFIG_INVALID` */
export function checkTogether({
  trigger,
  headers,
  minIntervalMs,
  maxIntervalMs
}: Values<typeof fields>): void {
  if (trigger !== 'input' && headers.some(({ valueType }) => valueType === 'msg'))
    throw new DeliveryError(
      'CONFIG_INVALID',
      'headers: expected no msg values without trigger input, found one'
    )
  if (trigger === 'adaptive' && minIntervalMs > maxIntervalMs)
    throw new DeliveryError(
      'CONFIG_INVALID',
      `minIntervalMs: expected at most ${maxIntervalMs} (maxIntervalMs), found ${minIntervalMs}`
    )
}

/**
 * How a poll-source reads.
 * @param around - wraps what finds the items
 * @throws DeliveryError `EXPRESSION_INVALID`
 */
export function readingOf(
  RED: NodeAPI,
  node: Node,
  values: Values<typeof fields>,
  { feed, stream }: TargetPlan,
  around: (items: Find) => Find = items => items
): Reading {
  const { read, start, responseType } = values
  const every = values.emit === 'every' && read === 'latest'
  if (feed) return read === 'latest' ? latestReading(stream, every) : logReading(stream, start)
  const items = finder(RED, node, 'items', values.items, values.itemsType)
  const list = values.itemsType === 'jsonata' ? listed(items) : items
  return urlReading({
    finders: { ...finders(RED, node, values), items: list && around(list) },
    responseType,
    start,
    every
  })
}

/** JSONata answers a list of one by its only item. */
function listed(find: Find | null): Find | null {
  if (!find) return null
  return async item => {
    const found = await find(item)
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? [found] : found
  }
}
