import type { Clock } from '../clock.js'
import type { Ms } from '../units.js'
import { openConnection } from './connection.js'
import type { PushEndpoint } from './endpoint.js'

/** Longest time that a broker gets to forget a session. */
const WITHIN: Ms = 250

/**
 * Ends the session that a broker keeps for a client id, by a clean connection [MQTT-3.1.2-6]: otherwise it
 * queues messages for nobody, some brokers for ever. Best effort: true when the broker has answered.
 */
export function forgetSession(endpoint: PushEndpoint, clientId: string, clock: Clock): Promise<boolean> {
  return new Promise(resolve => {
    let accepted = false
    const connection = openConnection({
      endpoint,
      clock,
      clientId,
      clean: true,
      keepAliveMs: 60_000,
      connectTimeoutMs: WITHIN,
      onConnected() {
        accepted = true
        void connection.close()
      },
      onEnded: () => resolve(accepted)
    })
  })
}
