import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { Message } from '../shared/define-node.js'
import type { HeaderField } from './fields.js'

type HeaderValues = Readonly<Record<string, string>>
/** Finds one value for the message that asked, or for none. */
type FindValue = (message: Message) => Promise<unknown>

/**
 * The custom headers of each poll: at once when all are plain texts.
 * @returns a function of the message that asked for the poll
 * @throws DeliveryError `EXPRESSION_INVALID`, now for what cannot be read, later for what fails
 */
export function customHeaders(
  RED: NodeAPI,
  node: Node,
  headers: readonly HeaderField[]
): (message: Message | undefined) => HeaderValues | Promise<HeaderValues> {
  const named = headers.filter(({ name }) => name.trim() !== '')
  if (named.every(({ valueType }) => valueType === 'str')) {
    const constant = Object.fromEntries(named.map(({ name, value }) => [name, value]))
    return () => constant
  }
  const found = named.map(header => [header.name, findValue(RED, node, header)] as const)
  return async message => {
    const values: Record<string, string> = {}
    for (const [name, find] of found) {
      const value = await find(message ?? ({} as Message))
      if (value !== undefined && value !== null)
        values[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
    }
    return values
  }
}

function findValue(RED: NodeAPI, node: Node, { name, value, valueType }: HeaderField): FindValue {
  const invalid = (cause: unknown) => {
    const found = (cause as { message?: string } | null)?.message ?? String(cause)
    return new DeliveryError(
      'EXPRESSION_INVALID',
      `headers, ${name}: expected ${valueType} ${value}, found: ${found}`,
      {
        cause
      }
    )
  }
  if (valueType !== 'jsonata')
    return message =>
      new Promise((resolve, reject) => {
        RED.util.evaluateNodeProperty(value, valueType, node, message, (error, result) => {
          if (error) reject(invalid(error))
          else resolve(result)
        })
      })
  let expression: ReturnType<NodeAPI['util']['prepareJSONataExpression']>
  try {
    expression = RED.util.prepareJSONataExpression(value, node)
  } catch (error) {
    throw invalid(error)
  }
  return message =>
    new Promise((resolve, reject) => {
      RED.util.evaluateJSONataExpression(expression, message, (error: unknown, result: unknown) => {
        if (error) reject(invalid(error))
        else resolve(result)
      })
    })
}
