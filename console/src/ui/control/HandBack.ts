import { whenOpened } from '../later'

export const HandBackModal = whenOpened(() => import('./HandBackModal').then(module => module.HandBackModal))
