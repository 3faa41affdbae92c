/** Updates that a two-sided 95 % interval for p99 needs (MEASURING, validity). */
export const FOR_P99 = 368
/** Updates that a two-sided 95 % interval for p99.9 needs. */
export const FOR_P999 = 3688
/** Updates that a polling mean to ±5 % needs. */
export const FOR_MEAN = 513
