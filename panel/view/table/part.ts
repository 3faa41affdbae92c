import type { Part } from '../later.js'
import css from './table.css'
import { openTable } from './table.js'

/** The table, as the panel loads it. */
export const table: Part = { open: openTable, css }
