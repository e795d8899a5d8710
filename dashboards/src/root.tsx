import { MantineProvider } from '@mantine/core'
import { HeadContent, Outlet } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useChosenLanguage, useColorScheme } from './frame/appearance.ts'
import { LanguageContext, PlaceContext } from './i18n/use-text.ts'
import { resolveVariables, theme } from './theme/theme.ts'
import { ToastProvider } from './ui/toast.tsx'

/** What every screen needs, signed in or not: language, light or dark, and the place where toasts appear. */
export function Root() {
  const language = useChosenLanguage()
  const scheme = useColorScheme()
  const place = useMemo(() => ({ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, currency: 'EUR' }), [])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <LanguageContext.Provider value={language}>
      <PlaceContext.Provider value={place}>
        <MantineProvider theme={theme} forceColorScheme={scheme} cssVariablesResolver={resolveVariables}>
          <HeadContent />
          <ToastProvider>
            <Outlet />
          </ToastProvider>
        </MantineProvider>
      </PlaceContext.Provider>
    </LanguageContext.Provider>
  )
}
