// The sentences of the dashboards, which load with them.

import { board as spanish } from './es.board'
import { inLanguage } from './language'

export const board = await inLanguage(spanish, () => import('./en.board').then(module => module.board))
