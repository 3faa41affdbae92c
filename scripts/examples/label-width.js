// How wide the editor draws a label: Helvetica and its equals (Arial, Liberation Sans) at 14 px.

/** Widths in thousandths of the size, from the font's metrics (Adobe Core 14 AFM), by the characters that share one. */
const widths = Object.entries({
  222: "'ijl",
  278: ' !,./:;I[\\]ft',
  333: '()-`r',
  355: '"',
  389: '*',
  469: '^',
  500: 'Jckvsxyz',
  556: '#$0123456789?L_abdeghnopqu',
  584: '+<=>×',
  611: 'FTZ',
  667: '&ABEKPSVXY',
  722: 'CDHNRUw',
  778: 'GOQ',
  833: 'Mm',
  889: '%',
  944: 'W',
  1015: '@'
})
const widthOf = new Map(
  widths.flatMap(([width, characters]) => [...characters].map(one => [one, Number(width)]))
)
const WIDEST = 1015

/** What kerning takes away on average. */
const KERNING = 0.997

/** In pixels. */
export const labelWidth = label =>
  ([...label].reduce((sum, one) => sum + (widthOf.get(one) ?? WIDEST), 0) / 1000) * 14 * KERNING
