/**
 * The ten sentences of the classic comparison, each with the example that tests it, by the beginning of its file
 * name; null where only a fleet of clients can.
 */
export const CLAIM_EXAMPLES = {
  /** Push is real-time: lower latency. */
  'push-lower-latency': '01 - Push and pull side by side',
  /** Push costs the client less. */
  'push-less-client-overhead': '01 - Push and pull side by side',
  /** Push loads the server more. */
  'push-higher-server-load': '01 - Push and pull side by side',
  /** Push is more complex: connections, and errors to come back from. */
  'push-more-complex': '07 - Pull the plug',
  /** Push does not scale: many connections at the same time. */
  'push-many-connections': null,
  /** Pull is simple: the client decides when it asks. */
  'pull-client-control': '03 - Four ways to poll',
  /** Pull scales: no connection stays open. */
  'pull-scales': null,
  /** Pull is later. */
  'pull-higher-latency': '06 - Predicted against measured',
  /** Pull asks in vain: overhead and inefficient use. */
  'pull-wasteful': '04 - Webhook or poll the branch',
  /** It depends on the requirements. */
  'it-depends': '08 - What should I use'
} as const satisfies Readonly<Record<string, string | null>>

export type ClaimId = keyof typeof CLAIM_EXAMPLES
export const CLAIM_IDS = Object.keys(CLAIM_EXAMPLES) as readonly ClaimId[]
