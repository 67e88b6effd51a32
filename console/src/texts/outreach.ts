// The sentences of reminders, consents and opinions, which load with their screens.

import { outreach as spanish } from './es.outreach'
import { inLanguage } from './language'

export const outreach = await inLanguage(spanish, () => import('./en.outreach').then(module => module.outreach))
