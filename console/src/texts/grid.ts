// The sentences of the grid of availability, which load with its screen.

import { grid as spanish } from './es.grid'
import { inLanguage } from './language'

export const grid = await inLanguage(spanish, () => import('./en.grid').then(module => module.grid))
