// The sentences of the console in the language of whoever works in it.

import { es } from './es'
import { inLanguage } from './language'

export const texts = await inLanguage(es, () => import('./en').then(module => module.en))
