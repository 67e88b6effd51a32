// The sentences of the device's own settings, which load with their card.

import { device as spanish } from './es.device'
import { inLanguage } from './language'

export const device = await inLanguage(spanish, () => import('./en.device').then(module => module.device))
