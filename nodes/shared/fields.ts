import { DeliveryError, type DeliveryErrorCode } from '../../lib/errors.js'

/**
 * One property of a node: its default and how a saved value becomes a typed one.
 * Saved values are as typed in the editor (numbers as strings), or the text of an environment variable.
 */
export interface Field<T> {
  /** As the editor saves it. */
  readonly default: unknown
  /** The typed value; a text that says what was expected and found when `saved` is none. */
  read(saved: unknown): { readonly value: T } | { readonly fault: string }
  /** The error when nothing but this is wrong. @default 'CONFIG_INVALID' */
  readonly code?: DeliveryErrorCode
}

export type Fields = Readonly<Record<string, Field<unknown>>>
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

const found = (saved: unknown): string => (typeof saved === 'string' ? `"${saved}"` : JSON.stringify(saved))
const absent = (saved: unknown): boolean => saved === undefined || saved === null || saved === ''

/** Any text; `check` returns what is wrong with it, or null. `emptyIsDefault` false lets '' stand for itself. */
export function text(
  fallback: string,
  {
    check,
    emptyIsDefault = true,
    code = 'CONFIG_INVALID'
  }: { check?: (value: string) => string | null; emptyIsDefault?: boolean; code?: DeliveryErrorCode } = {}
): Field<string> {
  return {
    default: fallback,
    code,
    read(saved) {
      const missing = emptyIsDefault ? absent(saved) : saved === undefined || saved === null
      const value = missing ? fallback : String(saved)
      const fault = value === '' ? null : (check?.(value) ?? null)
      return fault === null ? { value } : { fault }
    }
  }
}

/** A number within bounds, saved as text; `fallback` null means that empty stands for "none". */
export function number(fallback: number, bounds?: NumberBounds): Field<number>
export function number(fallback: null, bounds?: NumberBounds): Field<number | null>
export function number(
  fallback: number | null,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, integer = false }: NumberBounds = {}
): Field<number | null> {
  const expected = `expected ${integer ? 'a whole number' : 'a number'}${rangeText(min, max)}`
  return {
    default: fallback === null ? '' : String(fallback),
    read(saved) {
      if (absent(saved)) return { value: fallback }
      const value =
        typeof saved === 'number'
          ? saved
          : typeof saved === 'string' && saved.trim() !== ''
            ? Number(saved)
            : Number.NaN
      if (!Number.isFinite(value) || value < min || value > max || (integer && !Number.isInteger(value)))
        return { fault: `${expected}, found ${found(saved)}` }
      return { value }
    }
  }
}

export interface NumberBounds {
  readonly min?: number
  readonly max?: number
  readonly integer?: boolean
}

function rangeText(min: number, max: number): string {
  if (Number.isFinite(min) && Number.isFinite(max)) return ` from ${min} to ${max}`
  if (Number.isFinite(min)) return ` of at least ${min}`
  if (Number.isFinite(max)) return ` of at most ${max}`
  return ''
}

/** A check box: a boolean, or its text from an environment variable. */
export function flag(fallback: boolean): Field<boolean> {
  return {
    default: fallback,
    read(saved) {
      if (absent(saved)) return { value: fallback }
      if (saved === true || saved === 'true') return { value: true }
      if (saved === false || saved === 'false') return { value: false }
      return { fault: `expected true or false, found ${found(saved)}` }
    }
  }
}

/** One of listed values; the first is the default. Numbers are matched by their text. */
export function oneOf<const T extends string | number>(...values: readonly [T, ...T[]]): Field<T> {
  return {
    default: typeof values[0] === 'number' ? String(values[0]) : values[0],
    read(saved) {
      if (absent(saved)) return { value: values[0] }
      const value = values.find(candidate => String(candidate) === String(saved))
      return value === undefined
        ? { fault: `expected one of ${values.join(', ')}, found ${found(saved)}` }
        : { value }
    }
  }
}

/** The id of a config node, '' for none. */
export const reference = (): Field<string> => text('')

/** A value that the node reads by itself (lists, objects). */
export function custom<T>(fallback: unknown, read: (saved: unknown) => T): Field<T> {
  return {
    default: fallback,
    read(saved) {
      try {
        return { value: read(absent(saved) ? fallback : saved) }
      } catch (error) {
        return { fault: error instanceof Error ? error.message : String(error) }
      }
    }
  }
}

/**
 * The typed configuration of a node.
 * @throws DeliveryError `CONFIG_INVALID` or the one field's own code, naming every property that is wrong
 */
export function readFields<F extends Fields>(
  fields: F,
  config: Readonly<Record<string, unknown>>
): Values<F> {
  const faults: string[] = []
  const codes = new Set<DeliveryErrorCode>()
  const values: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(fields)) {
    const outcome = field.read(config[key])
    if ('fault' in outcome) {
      faults.push(`${key}: ${outcome.fault}`)
      codes.add(field.code ?? 'CONFIG_INVALID')
    } else values[key] = outcome.value
  }
  const [code = 'CONFIG_INVALID'] = codes.size === 1 ? codes : []
  if (faults.length > 0) throw new DeliveryError(code, faults.join('; '))
  return values as Values<F>
}
