/** Milliseconds since 1970 UTC, with a microsecond fraction. */
export type EpochMs = number
/** A duration in milliseconds. */
export type Ms = number
/** A number of bytes (octets). */
export type Bytes = number
/** A share of a whole, 0 to 1. */
export type Share = number
