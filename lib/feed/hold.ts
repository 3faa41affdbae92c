import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ms } from '../units.js'
import type { FeedStream } from './feed-streams.js'
import type { AnswerHeld } from './held-requests.js'
import { type Feed, isBehind, refuse, whenOver } from './http-answer.js'

/** Holds a request until its stream has an update, its time is up or its client goes away; 503 when too many wait. */
export function hold(
  feed: Feed,
  stream: FeedStream,
  request: IncomingMessage,
  response: ServerResponse,
  ms: Ms,
  answer: AnswerHeld
): void {
  const forget = feed.held.hold(stream, ms, answer)
  if (forget) {
    // a time-out that an earlier answer on this connection left behind
    request.socket.setTimeout(0)
    whenOver(request, response, isBehind(response), forget)
    return
  }
  feed.counts.refused++
  feed.counts.bit('heldRequests')
  refuse(feed, request, response, {
    status: 503,
    code: 'TOO_MANY_HELD',
    message: `Expected at most ${feed.limits.heldRequests} requests to be held, found one more`,
    headers: { 'Retry-After': '1' }
  })
}
