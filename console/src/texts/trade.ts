// The sentences of appointments, excursions and agencies, which load with their screens.

import { trade as spanish } from './es.trade'
import { inLanguage } from './language'

export const trade = await inLanguage(spanish, () => import('./en.trade').then(module => module.trade))
