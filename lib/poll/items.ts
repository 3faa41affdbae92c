import { asDeliveryError, DeliveryError } from '../errors.js'
import type { EpochMs } from '../units.js'
import { type DecodedUpdate, decodeUpdate } from '../update/cloudevents.js'
import { type Find, type ForeignFinders, findFacts } from '../update/foreign.js'
import { keyOfId, keyOfItem } from './cursor.js'

/** One update found in a document. */
export interface FoundItem {
  readonly payload: unknown
  /** By which it is known again. */
  readonly key: string
  readonly id: string | null
  readonly epoch: string | null
  readonly sequence: number | null
  readonly generatedAt: EpochMs | null
  /** `generatedAt` was written without a zone. */
  readonly timeZoneMissing: boolean
  readonly value: unknown
  readonly subject: string | null
}

export interface ItemFinders extends ForeignFinders {
  /** The list of updates in the parsed payload; null = the payload is one update. */
  readonly items: Find | null
}

/**
 * The updates in a document of anyone's: ascending by time when every one has one, else in document order.
 * An item that is our own envelope speaks for itself.
 * @param batch - the document is a list by its media type
 * @throws DeliveryError `ITEMS_INVALID`, `EXPRESSION_INVALID`
 */
export async function findItems(
  payload: unknown,
  finders: ItemFinders,
  batch: boolean
): Promise<readonly FoundItem[]> {
  const list = finders.items
    ? await listIn(payload, finders.items)
    : batch && Array.isArray(payload)
      ? payload
      : [payload]
  const found: FoundItem[] = []
  for (const item of list) {
    const facts = factsOf(item, finders)
    found.push(facts instanceof Promise ? await facts : facts)
  }
  if (found.length > 1 && found.every(item => item.generatedAt !== null))
    found.sort((a, b) => (a.generatedAt ?? 0) - (b.generatedAt ?? 0))
  return found
}

async function listIn(payload: unknown, find: Find): Promise<readonly unknown[]> {
  let list: unknown
  try {
    list = await find(payload)
  } catch (error) {
    throw asDeliveryError(error, 'EXPRESSION_INVALID')
  }
  if (Array.isArray(list)) return list
  throw new DeliveryError(
    'ITEMS_INVALID',
    `Expected a list at items, found ${list === null || list === undefined ? 'nothing' : `a single ${typeof list}`}`
  )
}

/** An update in our own envelope as an item. */
export function itemOf({ id, epoch, sequence, generatedAt, subject, data }: DecodedUpdate): FoundItem {
  const known = { id, epoch, sequence, generatedAt, timeZoneMissing: false, value: null, subject }
  return { payload: data, key: keyOfId(id), ...known }
}

function factsOf(item: unknown, finders: ForeignFinders): FoundItem | Promise<FoundItem> {
  const own = decodeUpdate(item)
  if (own) return itemOf(own)
  const facts = findFacts(finders, item)
  const whole = (found: Awaited<typeof facts>): FoundItem => ({
    payload: item,
    key: found.id === null ? keyOfItem(item) : keyOfId(found.id),
    id: found.id,
    epoch: found.epoch,
    sequence: found.sequence,
    generatedAt: found.generatedAt,
    timeZoneMissing: found.timeZoneMissing,
    value: found.value,
    subject: null
  })
  return facts instanceof Promise ? facts.then(whole) : whole(facts)
}
