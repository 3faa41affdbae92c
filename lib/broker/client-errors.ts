import type { EventEmitter } from 'node:events'
import type { Aedes, Client } from 'aedes'
import { DeliveryError } from '../errors.js'
import type { Notify } from './notices.js'
import type { Tally } from './tally.js'

/** Ends of connections in the course of things, in Aedes' words. */
const ORDINARY = new Set(['keep alive timeout', 'connection closed', 'connect did not arrive in time'])

/** Tells of clients that break the protocol, rate-limited; without these listeners an error would end the thread. */
export function watchErrors(broker: Aedes, tally: Tally, notify: Notify): void {
  const onClientError = (client: Client, error: Error) => {
    // what our rules refuse they count, and a connection that broke is no fault of anyone
    if (error instanceof DeliveryError || 'code' in error || ORDINARY.has(error.message)) return
    tally.add('protocolError')
    notify(
      'CONNECTION_LOST',
      `Expected client ${client.id || '(not yet connected)'} to keep to MQTT 3.1.1, found: ${error.message}; disconnected`
    )
  }
  broker.on('clientError', onClientError)
  broker.on('connectionError', onClientError)
  broker.on('keepaliveTimeout', () => tally.add('keepAlive'))
  // Aedes' types leave this event out
  const emitter: EventEmitter = broker
  emitter.on('error', (error: Error) => {
    notify('HAND_OVER_FAILED', `Expected the broker to go on undisturbed, found: ${error.message}`)
  })
}
