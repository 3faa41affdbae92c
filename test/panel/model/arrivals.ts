import { type Arrival, type Held, heldOver } from '../../../panel/model/charts/age-held.js'
import { Recent } from '../../../panel/model/recent.js'
import type { Gap } from '../../../panel/model/tracks.js'

/** What a lane held that got these updates. */
export function heldFrom(
  list: readonly Arrival[],
  window: { readonly from: number; readonly to: number },
  { before = null, gaps = [] }: { readonly before?: Arrival | null; readonly gaps?: readonly Gap[] } = {}
): Held {
  const arrivals = new Recent<Arrival>(100_000, ({ received }) => received)
  for (const arrival of list) arrivals.add(arrival)
  return heldOver({ arrivals, before, gaps }, window)
}
