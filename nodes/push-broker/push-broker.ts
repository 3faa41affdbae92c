import type { BrokerOptions } from '../../lib/broker/broker.js'
import { defineNode } from '../shared/define-node.js'
import { readFields } from '../shared/fields.js'
import { serverHost } from '../shared/server-host.js'
import type { BrokerEndpoint, BrokerNode } from '../shared/server-node.js'
import { credentialsOf } from './credentials.js'
import { embeddedBroker } from './embedded-broker.js'
import { externalBroker } from './external-broker.js'
import { fields } from './fields.js'
import { brokerTries } from './try-broker.js'

/** The MQTT broker to push through: embedded, or any by URL. */
export default defineNode('push-broker', RED => {
  const serve = serverHost<BrokerOptions, BrokerEndpoint>(RED)
  const tries = brokerTries(RED)
  return {
    // read by the plan: a node with wrong fields must still be one that others can ask
    fields: {},
    credentials: { username: { type: 'text' }, password: { type: 'password' } },
    settings: { pushBrokerListen: { value: 'any', exportable: true } },
    start(node, _values, config) {
      const running = serve(node, () => {
        const values = readFields(fields, config)
        const credentials = credentialsOf(node)
        return values.mode === 'external'
          ? { external: externalBroker(RED, values, credentials) }
          : { embedded: embeddedBroker(RED, values, credentials) }
      })
      const leaveTries = tries.add(node as BrokerNode, config)
      return {
        async close(removed) {
          leaveTries()
          await running.close?.(removed)
        }
      }
    }
  }
})
