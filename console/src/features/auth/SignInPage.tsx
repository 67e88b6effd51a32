// Sign in. The answer is the same whether the user exists or not.

import { Alert, Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../../api/client'
import { keys } from '../../api/keys'
import { signIn } from '../../api/session'
import { texts } from '../../texts'
import { settle } from '../../texts/language'
import { home } from '../../ui/home'
import { LanguageControl } from '../../ui/LanguageControl'
import { Logo } from '../../ui/Logo'
import { explain } from '../../ui/StatePages'
import classes from './SignInPage.module.css'
import { safeTarget } from './safeTarget'

export function SignInPage() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const { from } = useSearch({ strict: false })
  const cache = useQueryClient()
  const navigate = useNavigate()
  const entering = useMutation({
    mutationFn: () => signIn(email.trim(), password, code?.trim() || null),
    onError: error => {
      if (error instanceof ApiError && error.code === 'code_needed') setCode('')
    },
    onSuccess: user => {
      cache.setQueryData(keys.me, user)
      const target = safeTarget(from)
      // Another country has other words, which come with the page.
      if (settle(user.house?.country)) {
        location.assign(target ?? home(user))
        return
      }
      return target ? navigate({ href: target }) : navigate({ to: home(user) })
    },
  })
  const asking = entering.error instanceof ApiError && entering.error.code === 'code_needed'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (email.trim() && password && code !== '') entering.mutate()
  }
  return (
    <main className={classes.page}>
      <Paper withBorder radius="lg" className={classes.card}>
        <form onSubmit={submit}>
          <Stack gap="lg">
            <Stack gap={6}>
              <Logo size={40} />
              <Title order={1} size="h3" mt="sm">
                {texts.auth.title}
              </Title>
              <Text size="sm" c="var(--muted)">
                {texts.auth.subtitle}
              </Text>
            </Stack>
            {entering.error && !asking && (
              <Alert color="red" variant="light" role="alert">
                {entering.error instanceof ApiError && entering.error.code === 'wrong_credentials'
                  ? texts.auth.wrong
                  : explain(entering.error)}
              </Alert>
            )}
            {code === null ? (
              <Stack gap="md">
                <TextInput
                  label={texts.auth.email}
                  type="email"
                  name="email"
                  autoComplete="username"
                  size="md"
                  required
                  withAsterisk={false}
                  autoFocus
                  value={email}
                  onChange={event => setEmail(event.currentTarget.value)}
                />
                <PasswordInput
                  label={texts.auth.password}
                  name="password"
                  autoComplete="current-password"
                  size="md"
                  required
                  withAsterisk={false}
                  value={password}
                  onChange={event => setPassword(event.currentTarget.value)}
                />
              </Stack>
            ) : (
              <TextInput
                label={texts.account.code}
                description={texts.account.codeHelp}
                name="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                size="md"
                maxLength={20}
                required
                withAsterisk={false}
                autoFocus
                value={code}
                onChange={event => setCode(event.currentTarget.value)}
              />
            )}
            <Button type="submit" size="md" fullWidth loading={entering.isPending}>
              {code === null ? texts.auth.submit : texts.account.codeSubmit}
            </Button>
            {code !== null && (
              <Button
                variant="subtle"
                onClick={() => {
                  setCode(null)
                  setPassword('')
                  entering.reset()
                }}
              >
                {texts.account.otherUser}
              </Button>
            )}
          </Stack>
        </form>
      </Paper>
      <Anchor component={Link} to="/demo" size="sm">
        {texts.auth.toDemo}
      </Anchor>
      <LanguageControl size="sm" />
    </main>
  )
}
