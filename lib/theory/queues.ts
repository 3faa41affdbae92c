import type { Ms, Share } from '../units.js'

/**
 * Mean age behind a queue, updates Poisson, service exponential (MEASURING Q1; Kaul, Yates and Gruteser 2012, eq. 17).
 * @param serviceMs - mean, 1/μ
 * @param load - ρ = λ/μ, above 0, below 1
 */
export function ageInMM1(serviceMs: Ms, load: Share): Ms {
  return serviceMs * (1 + 1 / load + load ** 2 / (1 - load))
}

/** As `ageInMM1`, service always the same (MEASURING Q3; the same paper, eq. 25). */
export function ageInMD1(serviceMs: Ms, load: Share): Ms {
  return serviceMs * (1 / (2 * (1 - load)) + 0.5 + ((1 - load) * Math.exp(load)) / load)
}

/** Mean wait of `clients` polls that come at the same instant, each served in `serviceMs` (MEASURING, herd). */
export function herdWaitMs(clients: number, serviceMs: Ms): Ms {
  return (Math.max(0, clients - 1) * serviceMs) / 2
}

/** Mean wait of polls of random phase (M/D/1). @param load - ρ = clients · service ÷ interval, below 1 */
export function scatteredWaitMs(load: Share, serviceMs: Ms): Ms {
  return (load * serviceMs) / (2 * (1 - load))
}
