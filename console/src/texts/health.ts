// The sentences of the health of the house, which load with its screen.

import { health as spanish } from './es.health'
import { inLanguage } from './language'

export const health = await inLanguage(spanish, () => import('./en.health').then(module => module.health))
