import type { Part } from '../later.js'
import { openAdvice } from './advice.js'
import css from './decision.css'

/** The advice, as the panel loads it. */
export const advice: Part = { open: openAdvice, css }
