// The sentences of teaching and setting the assistant, which load with their screen.

import { assistant as spanish } from './es.assistant'
import { inLanguage } from './language'

export const assistant = await inLanguage(spanish, () => import('./en.assistant').then(module => module.assistant))
