import { DeliveryError } from '../errors.js'
import type { Ms } from '../units.js'
import type { Awaited } from './answer-handler.js'

/** The poller was closed under a poll, or before it. */
export const closedError = (): DeliveryError =>
  new DeliveryError('SERVER_CLOSED', 'Expected a running poller, found it closed')

/** The poller was paused or reset under a held request. */
export const givenUpError = (): DeliveryError =>
  new DeliveryError('SERVER_CLOSED', 'The poll was given up: paused or reset')

const AWAITED: Readonly<Record<Awaited, string>> = {
  connection: 'found no connection',
  headers: 'found a connection, but no headers of an answer',
  body: 'found headers, but not the whole body'
}

/** A poll with all its requests took too long; says what it was waiting for. */
export const deadlineError = (timeoutMs: Ms, awaited: Awaited | null): DeliveryError => {
  const found = awaited === null ? 'found it unfinished' : AWAITED[awaited]
  return new DeliveryError(
    'TIMEOUT',
    `Expected a whole poll within ${timeoutMs} ms beyond its hold, ${found}`
  )
}

/** A message came while the server wants no request. */
export const tooEarlyError = (waitMs: Ms): DeliveryError =>
  new DeliveryError(
    'RETRY_AFTER',
    `Expected no request for another ${Math.ceil(waitMs / 1000)} s, as the server asked; found a message`
  )

/** Long polls are answered at once, with nothing. */
export const noHoldError = (waitMs: Ms, intervalMs: Ms): DeliveryError =>
  new DeliveryError(
    'NO_HOLD',
    `Expected a server that holds its answer for ${waitMs} ms, found three empty answers at once; polling every ${intervalMs} ms for 10 minutes`
  )
