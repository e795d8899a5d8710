import { useMediaQuery } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { Language } from '../i18n/catalogue.ts'
import { readPreference, writePreference } from '../lib/preferences.ts'
import { readFrameSearch } from './search.ts'
import { useFrameSearch } from './use-frame.ts'

/** The language of this view: the address bar, then this browser's choice, then what the browser speaks. */
export function useChosenLanguage(): Language {
  const { lang } = readFrameSearch(useSearch({ strict: false }) as Record<string, unknown>)
  if (lang !== undefined) return lang
  const kept = readPreference('lang')
  if (kept === 'en' || kept === 'fr') return kept
  return navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

type ThemeChoice = 'light' | 'dark' | 'system'

/** Light or dark: the address bar, then this browser's choice, then the system's. */
export function useColorScheme(): 'light' | 'dark' {
  const { theme } = readFrameSearch(useSearch({ strict: false }) as Record<string, unknown>)
  const systemDark =
    useMediaQuery('(prefers-color-scheme: dark)', undefined, { getInitialValueInEffect: false }) ?? false
  const choice = theme ?? readPreference('theme')
  if (choice === 'light' || choice === 'dark') return choice
  return systemDark ? 'dark' : 'light'
}

export function useTheme(): { choice: ThemeChoice; choose: (choice: ThemeChoice) => void } {
  const [search, setSearch] = useFrameSearch()
  const [kept, setKept] = useState(() => readPreference('theme'))
  const asked = search.theme ?? kept
  const choose = useCallback(
    (next: ThemeChoice) => {
      writePreference('theme', next)
      setKept(next)
      setSearch({ theme: next === 'system' ? undefined : next })
    },
    [setSearch],
  )
  return { choice: asked === 'light' || asked === 'dark' ? asked : 'system', choose }
}
