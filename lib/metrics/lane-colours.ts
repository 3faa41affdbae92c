/** Okabe and Ito's colours for everybody's eyes, without the yellow; the second set is lighter, for dark themes. */
export const LANES_ON_LIGHT: readonly string[] = [
  '#0072b2',
  '#c44e00',
  '#007d5a',
  '#a8487f',
  '#8a6100',
  '#2f7fb5',
  '#5b5b5b',
  '#6a3d9a'
]
export const LANES_ON_DARK: readonly string[] = [
  '#4db3f0',
  '#ff8a47',
  '#2fd3a3',
  '#e79ac5',
  '#f0b323',
  '#8fd0ff',
  '#bcbcbc',
  '#b99ae6'
]
/** Colours repeat after 8 lanes; the pattern of the line goes on telling lanes apart. */
const DASHES: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 4],
  [1, 3],
  [10, 2, 2, 2]
]

/** Colour of the lane at a place of the report. */
export const laneColour = (place: number, dark: boolean): string => {
  const colours = dark ? LANES_ON_DARK : LANES_ON_LIGHT
  return colours[place % colours.length] ?? '#888888'
}

/** Line pattern, as for `setLineDash`; neighbours differ in it as well as in colour. */
export const laneDash = (place: number): readonly number[] => DASHES[place % DASHES.length] ?? []
