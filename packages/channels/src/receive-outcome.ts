/** How an attempt to receive without waiting tells its three outcomes apart, without allocating. */

/** Returned when the receive would have to wait: no value can be equal to it. */
export const nothing: unique symbol = Symbol('nothing to receive')

/** Whether the value that was returned last had been sent (true) or is the zero value of a closed channel. */
export const lastReceive = { ok: true }
