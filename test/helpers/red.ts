import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { Node } from 'node-red'
import helper from 'node-red-node-test-helper'
import type { DeliveryError } from '../../lib/errors.js'
import type { Message } from '../../nodes/shared/define-node.js'

/** The test helper, told where Node-RED is. */
export function redHelper(): typeof helper {
  helper.init(createRequire(import.meta.url).resolve('node-red'))
  return helper
}

/** Everything that a `helper` node receives, and a promise of the first `count`. */
export function received(id: string): { messages: Message[]; first(count: number): Promise<Message[]> } {
  const node = helper.getNode(id)
  const messages: Message[] = []
  node.on('input', message => messages.push(message as Message))
  return {
    messages,
    async first(count) {
      while (messages.length < count) await once(node, 'input')
      return messages.slice(0, count)
    }
  }
}

/** Sends one message into a node; resolves with the errors of all its `done` calls, once one has been made. */
export async function endsOf(node: Node, message: object): Promise<(DeliveryError | undefined)[]> {
  const inside = node as unknown as {
    _complete(message: object, error?: DeliveryError): void
    receive(message: object): void
  }
  const ends: (DeliveryError | undefined)[] = []
  await new Promise<void>(resolve => {
    inside._complete = (_message, error) => {
      ends.push(error)
      resolve()
    }
    inside.receive(message)
  })
  await new Promise(resolve => setImmediate(resolve))
  return ends
}
