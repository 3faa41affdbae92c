import type { Ms, Share } from '../units.js'

/** What one consumer of a stream is bound to measure (MEASURING, metrics of a lane); `NaN` without traffic. */
export interface Prediction {
  /** Over all updates, superseded and lost ones included. */
  readonly latencyMeanMs: Ms
  /** Over the delivered ones only. */
  readonly latencyDeliveredMs: Ms
  readonly ageMeanMs: Ms
  readonly freshShare: Share
  readonly versionsBehind: number
  /** Of the answered polls; 0 for push. */
  readonly emptyShare: Share
  /** Of the generated updates. */
  readonly supersededShare: Share
  /** Per delivered update; 0 for push. */
  readonly requestsPerUpdate: number
}
