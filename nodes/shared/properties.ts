import type { Node, NodeAPI, NodeMessage } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { Find, ForeignFinders } from '../../lib/update/foreign.js'
import { oneOf, text } from './fields.js'

const types = ['path', 'jsonata'] as const
/** `path`: a property path as in a Change node; `jsonata`: an expression. */
export type PropertyType = (typeof types)[number]

/** Where id, time and value stand in payloads that are not our envelope: shared by both sources and the metrics node. */
export const propertyFields = {
  idProperty: text(''),
  idPropertyType: oneOf(...types),
  timeProperty: text(''),
  timePropertyType: oneOf(...types),
  valueProperty: text(''),
  valuePropertyType: oneOf(...types)
}

/** Where the list of updates stands in a polled document. */
export const itemsFields = { items: text(''), itemsType: oneOf(...types) }

export interface PropertyValues {
  readonly idProperty: string
  readonly idPropertyType: PropertyType
  readonly timeProperty: string
  readonly timePropertyType: PropertyType
  readonly valueProperty: string
  readonly valuePropertyType: PropertyType
}

/** @throws DeliveryError `EXPRESSION_INVALID`, naming the property */
export function finders(RED: NodeAPI, node: Node, values: PropertyValues): ForeignFinders {
  return {
    id: finder(RED, node, 'idProperty', values.idProperty, values.idPropertyType),
    time: finder(RED, node, 'timeProperty', values.timeProperty, values.timePropertyType),
    value: finder(RED, node, 'valueProperty', values.valueProperty, values.valuePropertyType)
  }
}

/**
 * A property as a function of the item it starts at: a path answers at once, an expression by a promise.
 * Null when it is empty. What is not there is `undefined`.
 * @param property - its name in the dialog, for errors
 * @throws DeliveryError `EXPRESSION_INVALID` when it cannot be read; so does (or rejects) a finder that fails on an item
 */
export function finder(
  RED: NodeAPI,
  node: Node,
  property: string,
  source: string,
  type: PropertyType
): Find | null {
  if (source.trim() === '') return null
  const invalid = (cause: unknown) =>
    new DeliveryError('EXPRESSION_INVALID', expectation(property, source, type, cause), { cause })
  return type === 'path' ? pathFinder(RED, source, invalid) : jsonataFinder(RED, node, source, invalid)
}

type Invalid = (cause: unknown) => DeliveryError

function pathFinder(RED: NodeAPI, path: string, invalid: Invalid): Find {
  let parts: readonly (string | number)[]
  try {
    // below a name, so that a path may start with a bracket: `[0].id` of a list
    parts = RED.util
      .normalisePropertyExpression(path.startsWith('[') ? `item${path}` : `item.${path}`)
      .slice(1)
    if (parts.some(part => typeof part === 'object')) throw new Error('a path within a path is not supported')
  } catch (error) {
    throw invalid(error)
  }
  return item => {
    let here: unknown = item
    for (const part of parts) {
      // own properties alone: `constructor` of a number is not in anybody's document
      if (here === null || here === undefined || !Object.hasOwn(Object(here), part)) return undefined
      here = (here as Record<string | number, unknown>)[part]
    }
    return here
  }
}

function jsonataFinder(RED: NodeAPI, node: Node, source: string, invalid: Invalid): Find {
  let expression: ReturnType<NodeAPI['util']['prepareJSONataExpression']>
  try {
    expression = RED.util.prepareJSONataExpression(source, node)
  } catch (error) {
    throw invalid(error)
  }
  return item =>
    new Promise<unknown>((resolve, reject) => {
      RED.util.evaluateJSONataExpression(
        expression,
        item as NodeMessage,
        (error: unknown, result: unknown) => {
          if (error) reject(invalid(error))
          else resolve(result)
        }
      )
    })
}

function expectation(property: string, source: string, type: PropertyType, cause: unknown): string {
  const kind = type === 'path' ? 'a property path' : 'a JSONata expression'
  const found = cause instanceof Error ? cause.message : ((cause as { message?: string })?.message ?? cause)
  return `${property}: expected ${kind}, found ${JSON.stringify(source)}: ${found}`
}
