import type { looks } from './status.js'

/**
 * The words of statuses and the one look that each has, in every node. Their texts are in the catalogues, under
 * `<type>.status`, the same in each (test/nodes/statuses.test.ts). What is not a word is a figure or an error's code.
 */
export const statusWords = {
  waitingBroker: 'waiting',
  waitingFeed: 'waiting',
  connecting: 'waiting',
  polling: 'waiting',
  noLane: 'waiting',
  noUpdate: 'good',
  onDemand: 'idle',
  stopped: 'idle',
  paused: 'idle',
  ended: 'idle',
  retryAfter: 'limited',
  lost: 'limited',
  away: 'limited'
} as const satisfies Record<string, keyof typeof looks>

export type StatusWord = keyof typeof statusWords

/** A word with its look. */
export const saying = (
  word: StatusWord,
  translate: (word: StatusWord) => string
): [keyof typeof looks, string] => [statusWords[word], translate(word)]
