import type { Node, NodeAPI } from 'node-red'
import type { DeliveryError } from '../../../lib/errors.js'
import type { HandedUpdate, Update } from '../../../lib/update/update.js'
import type { BrokerNode } from '../../../nodes/shared/server-node.js'
import { StreamClaims } from '../../../nodes/shared/stream-claims.js'

/** A broker that refuses, delays and counts as a test wants; the real one cannot be made to fail at will. */
export interface UnreliableBroker extends BrokerNode {
  readonly handed: { readonly update: Update; readonly handed: HandedUpdate }[]
  readonly declared: string[]
  /** What every hand-over ends with. */
  fail: DeliveryError | null
  /** What every hand-over waits for. */
  hold: Promise<void>
}

/** Registers it as `push-broker`. */
export const unreliableBroker = (RED: NodeAPI): void => {
  RED.nodes.registerType('push-broker', function (this: Node, config) {
    RED.nodes.createNode(this, config)
    const claims = new StreamClaims(RED)
    Object.assign(this, {
      handed: [],
      declared: [],
      fail: null,
      hold: Promise.resolve(),
      embedded: true,
      readOnly: false,
      maxBodyBytes: 1000,
      state: () => ({ kind: 'starting' }),
      join(user: { onState?(state: object): void }) {
        user.onState?.({ kind: 'listening', address: { host: '127.0.0.1', port: 1883, wsPort: null } })
        return () => {}
      },
      declare(this: UnreliableBroker, stream: string) {
        this.declared.push(stream)
      },
      claim: (stream: string, node: Node) => claims.claim(stream, node),
      async handOver(this: UnreliableBroker, update: Update, handed: HandedUpdate) {
        this.handed.push({ update, handed })
        await this.hold
        if (this.fail) throw this.fail
      },
      server: () => null
    })
  })
}
