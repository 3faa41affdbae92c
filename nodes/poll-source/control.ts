import { DeliveryError } from '../../lib/errors.js'
import type { Message } from '../shared/define-node.js'
import { readFields } from '../shared/fields.js'
import { fields } from './fields.js'

/** What a message asks a poll-source to do (CONTRACT 4, Control). */
export interface Control {
  readonly running: boolean | undefined
  readonly intervalMs: number | undefined
  readonly reset: boolean
  readonly poll: boolean
}

/**
 * A message with none of `running`, `intervalMs`, `reset` asks for a poll; one that carries any of them does only that,
 * and polls too if `msg.poll` is true.
 * @throws DeliveryError `CONFIG_INVALID`; nothing has been done then
 */
export function controlOf({ running, intervalMs, reset, poll }: Message): Control {
  const controls = running !== undefined || intervalMs !== undefined || reset !== undefined
  if (running !== undefined && typeof running !== 'boolean')
    throw new DeliveryError(
      'CONFIG_INVALID',
      `Expected msg.running to be true or false, found ${JSON.stringify(running)}`
    )
  const interval =
    intervalMs === undefined
      ? undefined
      : readFields({ intervalMs: fields.intervalMs }, { intervalMs }).intervalMs
  return { running, intervalMs: interval, reset: reset === true, poll: !controls || poll === true }
}
