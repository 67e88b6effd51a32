// The sentences of Ajustes that load with it.

import { roles as spanishRoles } from './es.roles'
import { setup as spanish } from './es.setup'
import { inLanguage } from './language'

export const setup = await inLanguage(spanish, () => import('./en.setup').then(module => module.setup))
export const roles = await inLanguage(spanishRoles, () => import('./en.roles').then(module => module.roles))
