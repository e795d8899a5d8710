import { useMemo } from 'react'
import { useColorScheme } from '../../frame/appearance.ts'

/** The tokens a chart needs, as plain colours: a canvas does not know CSS variables. */
export type ChartColors = {
  paper: string
  surface: string
  ink: string
  ink2: string
  ink3: string
  line: string
  ghost: string
  primary: string
  primarySoft: string
  warm: string
  good: string
  bad: string
  /** six categories, colour-blind safe; the same thing has the same colour on every page */
  categories: readonly string[]
  /** one hue, light to dark */
  sequence: readonly string[]
}

/** Which category colour a channel or a part has, everywhere. */
export const categoryOf = {
  human: 0,
  bot: 2,
  campaign: 1,
  treated: 0,
  control: 5,
  answered: 0,
  waiting: 1,
  abandoned: 5,
} as const

/** Colours of the theme that is shown; changes with it. */
export function useChartColors(): ChartColors {
  const scheme = useColorScheme()
  return useMemo(() => readColors(scheme), [scheme])
}

function readColors(scheme: 'light' | 'dark'): ChartColors {
  // Written before reading: on a switch, the attribute may still be the old one while this renders.
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    paper: of('paper'),
    surface: of('surface'),
    ink: of('ink'),
    ink2: of('ink-2'),
    ink3: of('ink-3'),
    line: of('line'),
    ghost: of('ghost'),
    primary: of('primary'),
    primarySoft: of('primary-soft'),
    warm: of('warm-mark'),
    good: of('good'),
    bad: of('bad'),
    categories: [1, 2, 3, 4, 5, 6].map((index) => of(`cat-${index}`)),
    sequence: [0, 1, 2, 3, 4, 5, 6].map((index) => of(`seq-${index}`)),
  }
}
