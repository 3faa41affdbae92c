import type { Fault } from '../../lib/metrics/records.js'
import type { EpochMs } from '../../lib/units.js'
import type { Message } from '../shared/define-node.js'
import { nameOf, type Target } from './targets.js'

/** The message that says that a server went (`until` null) or is back. */
export function faultMessage(
  passedOn: Message,
  target: Target,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs | null }
): Message {
  const { update, delivery, exchange, fleet, ...kept } = passedOn
  const fault: Fault = { fault: 'outage', target: target.id, from, until }
  return {
    ...kept,
    topic: nameOf(target),
    payload: until === null ? 'away' : 'back',
    fault
  } as Message
}
