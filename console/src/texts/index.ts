// The sentences of the console in the language of whoever works in it.

import { es } from './es'

export const texts = es
