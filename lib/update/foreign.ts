import { asDeliveryError } from '../errors.js'
import type { EpochMs, Ms } from '../units.js'
import { parseUpdateId } from './identity.js'
import { parseInstant } from './instant.js'

/** Finds something in a payload or an item; may take its time. `undefined` or null: it is not there. */
export type Find = (item: unknown) => unknown

/** How id, time and value are found in payloads that are not our envelope; null = not asked for. */
export interface ForeignFinders {
  readonly id: Find | null
  readonly time: Find | null
  readonly value: Find | null
}

/** What was found in one foreign item; null where nothing is known. */
export interface ForeignFacts {
  readonly id: string | null
  /** With `sequence`, when the id has the form of ours. */
  readonly epoch: string | null
  readonly sequence: number | null
  readonly generatedAt: EpochMs | null
  readonly timeZoneMissing: boolean
  /** See `Instant.resolutionMs`. */
  readonly resolutionMs: Ms | null
  readonly value: unknown
}

export const noFinders: ForeignFinders = { id: null, time: null, value: null }

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise

/**
 * Looks for id, time and value in one item; answers at once unless a finder is asynchronous.
 * @throws DeliveryError `EXPRESSION_INVALID` (or rejects with it) when a finder fails on this item
 */
export function findFacts(finders: ForeignFinders, item: unknown): ForeignFacts | Promise<ForeignFacts> {
  try {
    const found = [finders.id?.(item), finders.time?.(item), finders.value?.(item)]
    if (!found.some(isPromise)) return facts(found)
    return Promise.all(found).then(facts, failed)
  } catch (error) {
    return failed(error)
  }
}

function failed(error: unknown): never {
  throw asDeliveryError(error, 'EXPRESSION_INVALID')
}

function facts([id, time, value]: readonly unknown[]): ForeignFacts {
  const text = idText(id)
  const identity = text === null ? null : parseUpdateId(text)
  const instant = parseInstant(time)
  return {
    id: text,
    epoch: identity?.epoch ?? null,
    sequence: identity?.sequence ?? null,
    generatedAt: instant?.at ?? null,
    timeZoneMissing: instant?.zoneMissing ?? false,
    resolutionMs: instant?.resolutionMs ?? null,
    value: value === undefined ? null : value
  }
}

/** Ids are compared as text: 7 over MQTT and "7" over HTTP are one; objects by their JSON. */
function idText(id: unknown): string | null {
  if (id === undefined || id === null || id === '') return null
  return typeof id === 'object' ? JSON.stringify(id) : String(id)
}
