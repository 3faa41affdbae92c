import type { Part } from '../later.js'
import { openAdvice } from './advice.js'
import claimsCss from './claims.css'
import { openClaims } from './claims.js'
import css from './decision.css'

/** The advice, as the panel loads it. */
export const advice: Part = { open: openAdvice, css }

/** The claims, as the panel loads them. */
export const claims: Part = { open: openClaims, css: claimsCss }
