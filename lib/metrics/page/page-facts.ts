import { NO_PLANS, type Plans } from '../advice.js'

/** A name and what it is set to, as text. */
export type Setting = readonly [name: string, value: string]

/** What a page tells beside the report, and `lib/` cannot know. */
export interface PageFacts {
  /** What measured, and in which version. */
  readonly versions: readonly Setting[]
  /** Settings of the metrics node. */
  readonly settings: readonly Setting[]
  /** Settings of each workload that feeds it. */
  readonly workloads: readonly { readonly name: string; readonly settings: readonly Setting[] }[]
  /** Clients that costs are scaled to, and what they may cost. */
  readonly plans: Plans
}

export const NO_FACTS: PageFacts = { versions: [], settings: [], workloads: [], plans: NO_PLANS }
