import type { AedesOptions, AuthenticateError, Client } from 'aedes'
import { DeliveryError } from '../errors.js'
import { type AccessOptions, createAccess } from './access.js'
import type { Notify } from './notices.js'
import type { LimitName, Tally } from './tally.js'
import { topicNameFault } from './topic-rules.js'

/** CONNACK return codes, MQTT 3.1.1 table 3.1. */
const RETURN_CODE = { version: 1, identifier: 2, credentials: 4, notAuthorized: 5 } as const

interface ConnectRulesParts {
  readonly access: AccessOptions
  readonly tally: Tally
  readonly notify: Notify
}

/** What a CONNECT must be like to be let in: Aedes' `preConnect` and `authenticate`. */
export function connectRules({
  access,
  tally,
  notify
}: ConnectRulesParts): Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>> {
  const judge = createAccess(access)
  return {
    preConnect(client, packet, callback) {
      const refuse = (limit: LimitName, code: number, reason: string) => {
        tally.add(limit)
        endWithConnack(client, code, () => callback(new DeliveryError('CONNECTION_REFUSED', reason), false))
      }
      if (packet.protocolVersion === 5) {
        notify(
          'MQTT5_REFUSED',
          `Expected MQTT 3.1.1, client ${packet.clientId || '(without id)'} spoke MQTT 5; set it to 3.1.1`
        )
        refuse('mqtt5', RETURN_CODE.version, 'MQTT 5 refused')
      } else if (packet.clientId === '' && !packet.clean) {
        // [MQTT-3.1.3-8]
        refuse('clientId', RETURN_CODE.identifier, 'a session that persists needs a client id')
      } else if (/[\0\ufffd]/.test(packet.clientId)) {
        refuse('clientId', RETURN_CODE.identifier, 'the client id is not well-formed UTF-8 without NUL')
      } else if (packet.will && topicNameFault(packet.will.topic) !== null) {
        tally.add('malformed')
        callback(new DeliveryError('TOPIC_INVALID', `will: ${topicNameFault(packet.will.topic)}`), false)
      } else callback(null, true)
    },

    authenticate(client, username, password, callback) {
      const verdict = judge(username, password)
      if (verdict === 'allowed') {
        callback(null, true)
        return
      }
      tally.add('credentials')
      const found = verdict === 'missing' ? 'none' : 'others'
      notify(
        'NOT_AUTHORIZED',
        `Expected the broker's user name and password, client ${client.id} sent ${found}`
      )
      callback(
        authenticateError(verdict === 'wrong' ? RETURN_CODE.credentials : RETURN_CODE.notAuthorized),
        null
      )
    }
  }
}

/** Aedes itself answers a refused `preConnect` with nothing. */
function endWithConnack(client: Client, returnCode: number, done: () => void): void {
  client.conn.end(Buffer.from([0x20, 2, 0, returnCode]), done)
}

function authenticateError(returnCode: number): AuthenticateError {
  return Object.assign(new DeliveryError('NOT_AUTHORIZED', 'not authorized'), {
    returnCode
  }) as AuthenticateError
}
