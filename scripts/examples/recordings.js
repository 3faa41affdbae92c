// The recorded traffic of test/data, as the examples replay it.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const data = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'test', 'data')
const lines = file => readFileSync(join(data, file), 'utf8').trim().split('\n').slice(1)

/** Fields of a CSV line; only the last one may be quoted. */
function fields(line) {
  const quoted = /^(.*?),"(.*)"$/.exec(line)
  return quoted ? [...quoted[1].split(','), quoted[2].replaceAll('""', '"')] : line.split(',')
}

/** The earthquakes of one day of UTC, with the properties that the USGS feed gives them. */
export const earthquakesOf = day =>
  lines('earthquakes.csv')
    .map(fields)
    .filter(([time]) => time.startsWith(day))
    .map(([time, updated, mag, longitude, latitude, depthKm, type, code, place]) => ({
      time,
      payload: {
        code,
        mag: Number(mag),
        place,
        type,
        updated: Date.parse(updated),
        coordinates: [Number(longitude), Number(latitude), Number(depthKm)]
      }
    }))

/** The moves of the branch. */
export const branchMoves = () => lines('branch-updates.csv')
