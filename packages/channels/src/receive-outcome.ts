/**
 * What an attempt to receive without waiting gives when it gives no value. No value can be equal to either, and
 * neither costs an allocation.
 */

/** The receive would have to wait. */
export const nothing: unique symbol = Symbol('nothing to receive')

/** The channel is closed and drained: the receive gives its zero value, with `ok` false. */
export const drained: unique symbol = Symbol('closed and drained')
