// The sentences of the command bar and of the choice of shortcuts, which load when one of them opens.

import { commands as spanish } from './es.commands'
import { inLanguage } from './language'

export const commands = await inLanguage(spanish, () => import('./en.commands').then(module => module.commands))
