// What polling must find on recorded traffic, exactly (MEASURING U1–U3).

/** Shares for polling the latest value every `interval` of updates with these gaps, both in the same unit. */
export function pollingShares(gaps, interval) {
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  const reached = gaps.reduce((sum, gap) => sum + Math.min(gap, interval), 0)
  const hidden = gaps.reduce((sum, gap) => sum + Math.max(0, 1 - gap / interval), 0)
  const empty = 1 - reached / total
  return { empty, superseded: hidden / gaps.length, requestsPerUpdate: 1 / (1 - empty) }
}

export const gapsOf = times => times.slice(1).map((time, index) => time - times[index])
export const percent = share => `${Math.round(share * 100)} %`
