// Small values that every shape is made of.

export type Money = { amount: number; currency: string }

export type Named = { id: string; name: string | null }

/** Who did something: a person where the server knows one, a code (`system`, `guest`) or nothing otherwise. */
export type Doer = Named | string | null
