/** What a number is, for people. */
export type QuantityKind = 'duration' | 'share' | 'count' | 'ratio' | 'bytes'

const UNITS: Readonly<Record<QuantityKind, Readonly<Record<string, number>>>> = {
  duration: { µs: 1e-3, ms: 1, s: 1e3, min: 6e4, h: 3.6e6, d: 8.64e7 },
  share: { '%': 0.01 },
  count: {},
  ratio: {},
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }
}

/**
 * Reads what somebody typed: `12`, `12 s`, `1,5 MB`, `1.000` in a language that groups so. A number without a unit has
 * that of the text that stood there.
 * @param language - a BCP 47 tag; one that the browser does not know means its own
 * @returns null for what is no such quantity
 */
export function typedReader(
  language: string
): (typed: string, kind: QuantityKind, before: string) => number | null {
  const [group, decimal] = separatorsOf(language)
  return (typed, kind, before) => {
    const found = /^\s*([+-]?[\d.,'\s\u00a0\u202f]*\d)\s*(\D*?)\s*$/u.exec(typed)
    if (found === null) return null
    const [, digits = '', unit = ''] = found
    const factor = factorOf(unit, kind) ?? (unit === '' ? (factorOf(unitOf(before), kind) ?? 1) : null)
    const plain = digits.replace(/\s/gu, '').replaceAll(group, '').replace(decimal, '.')
    const value = plain === '' ? Number.NaN : Number(plain)
    return factor === null || !Number.isFinite(value) ? null : Number((value * factor).toPrecision(12))
  }
}

const unitOf = (text: string): string => /(\p{L}+|%)\s*$/u.exec(text)?.[1] ?? ''

function factorOf(unit: string, kind: QuantityKind): number | null {
  const known = Object.entries(UNITS[kind])
  return known.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1] ?? null
}

function separatorsOf(language: string): readonly [group: string, decimal: string] {
  const parts = formatOf(language).formatToParts(12_345.6)
  const part = (type: string, otherwise: string) => parts.find(one => one.type === type)?.value ?? otherwise
  return [part('group', ','), part('decimal', '.')]
}

function formatOf(language: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(language)
  } catch (error) {
    if (error instanceof RangeError) return new Intl.NumberFormat()
    throw error
  }
}
