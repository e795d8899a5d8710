import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, type MantineTheme } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e9f4f4',
  '#d5e7e7',
  '#a9cfd2',
  '#7cbabf',
  '#56a5ac',
  '#348b95',
  '#0b6b75',
  '#0a5d66',
  '#084f57',
  '#064148',
]

const gray: MantineColorsTuple = [
  '#fbfaf7',
  '#f4f2ed',
  '#e7e4dd',
  '#d2cec4',
  '#b9b6ae',
  '#8d9296',
  '#656d73',
  '#434a50',
  '#2a3035',
  '#15191c',
]

const red: MantineColorsTuple = [
  '#fbecea',
  '#f8d9d6',
  '#f4bdb8',
  '#f2a79f',
  '#f58d82',
  '#d4574c',
  '#b3261e',
  '#9c2019',
  '#851a14',
  '#6e150f',
]

const dark: MantineColorsTuple = [
  '#eef0ef',
  '#bcc3c4',
  '#929b9d',
  '#566062',
  '#394144',
  '#262c2e',
  '#171b1c',
  '#101314',
  '#0c0f10',
  '#080a0b',
]

/** Mantine in our language: its parts read the tokens of tokens.css, so that there is one palette and not two. */
export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, monospace",
  primaryColor: 'teal',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.33,
  colors: { teal, gray, dark, red },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  fontSizes: { xs: '12px', sm: '13px', md: '15px', lg: '17px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  headings: { fontWeight: '600' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: {
      defaultProps: { size: 'sm', radius: 'md' },
      styles: { root: { fontWeight: 550 } },
      // Mantine picks a filled button's text by its colour in light; ours is a token that knows the theme.
      vars: (_theme: MantineTheme, props: { variant?: string }) => ({
        root: (props.variant ?? 'filled') === 'filled' ? { '--button-color': 'var(--on-primary)' } : {},
      }),
    },
    Checkbox: { defaultProps: { iconColor: 'var(--on-primary)' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, radius: 'sm', fz: 13, multiline: true, maw: 320 } },
    Popover: { defaultProps: { radius: 'lg', shadow: 'md', transitionProps: { duration: 120, transition: 'fade' } } },
    Menu: { defaultProps: { radius: 'lg', shadow: 'md', transitionProps: { duration: 120, transition: 'fade' } } },
    InputWrapper: { styles: { label: { marginBottom: 6 }, description: { marginBottom: 6, fontSize: 13 } } },
    Modal: {
      styles: { title: { fontWeight: 600 }, header: { padding: '20px 24px 12px' }, body: { padding: '4px 24px 24px' } },
      defaultProps: {
        radius: 'lg',
        overlayProps: { backgroundOpacity: 0.35 },
        centered: true,
        transitionProps: { duration: 120, transition: 'fade' },
      },
    },
    Drawer: {
      defaultProps: {
        overlayProps: { backgroundOpacity: 0.35 },
        position: 'right',
        transitionProps: { duration: 150 },
      },
    },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right', allowDeselect: false } },
    SegmentedControl: { defaultProps: { size: 'xs', radius: 'md', transitionDuration: 120 } },
  },
})

/** Lends our tokens to Mantine's own variables. */
export const resolveVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-anchor': 'var(--primary-ink)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-teal-filled': 'var(--primary)',
    '--mantine-color-teal-filled-hover': 'var(--primary-ink)',
    '--mantine-color-teal-light': 'var(--primary-soft)',
    '--mantine-color-teal-light-color': 'var(--primary-ink)',
    '--mantine-color-teal-text': 'var(--primary-ink)',
    '--mantine-color-teal-outline': 'var(--primary)',
    '--mantine-primary-color-contrast': 'var(--on-primary)',
    '--mantine-shadow-md': 'var(--shadow)',
    '--mantine-line-height': '1.5',
  }
  return { variables: {}, light: shared, dark: shared }
}
