// Who is signed in, and what they may do.

import { queryOptions, useQuery } from '@tanstack/react-query'
import { settle } from '../texts/language'
import { allows } from './actions'
import { ApiError, get, post } from './client'
import { keys } from './keys'
import type { Permission, User } from './schema'

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      const user = await get<User>('/api/auth/me', signal)
      if (settle(user.house?.country)) location.reload()
      return user
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 5 * 60_000,
})

const NOBODY: User = { id: '', email: '', name: '', role: 'auditor', permissions: [] }

/** The user of a page behind the sign-in; for the moment between sign-out and leaving the page, nobody. */
export function useMe(): User {
  return useQuery(meQuery).data ?? NOBODY
}

export function useMay(permission: Permission): boolean {
  return allows(useMe(), permission)
}

export async function signIn(email: string, password: string, code: string | null): Promise<User> {
  const body = { email, password, ...(code ? { code } : {}) }
  return (await post<{ user: User }>('/api/auth/login', body)).user
}

export function signOut(): Promise<unknown> {
  return post('/api/auth/logout')
}
