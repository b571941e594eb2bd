import { createTheme, type CSSVariablesResolver } from '@mantine/core'

const ink = ['#f3f5f5', '#e3e7e9', '#d3d9dc', '#cbd1d4', '#98a2a8', '#7d868c', '#596167', '#424a4f', '#2a3336', '#1d2528'] as const

/** Mantine reads the tokens; no component takes a colour of Mantine's own palette. */
export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 1 },
  autoContrast: true,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontSizes: { xs: '12px', sm: '13px', md: '15px', lg: '17px', xl: '20px' },
  lineHeights: { xs: '1.2', sm: '1.4', md: '1.6', lg: '1.6', xl: '1.2' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  breakpoints: { xs: '22.5em', sm: '48em', md: '75em', lg: '90em', xl: '120em' },
  components: {
    Button: { defaultProps: { variant: 'default' } },
    Tooltip: { defaultProps: { openDelay: 400 } },
    Modal: { defaultProps: { centered: false } },
    Notification: { defaultProps: { radius: 'md' } },
  },
})

const variables = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink-1)',
  '--mantine-color-bright': 'var(--ink-1)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-default': 'var(--sf-2)',
  '--mantine-color-default-hover': 'var(--sf-3)',
  '--mantine-color-default-color': 'var(--ink-1)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-anchor': 'var(--link)',
  '--mantine-color-error': 'var(--crit-ink)',
  '--mantine-primary-color-filled': 'var(--act)',
  '--mantine-primary-color-filled-hover': 'var(--act-hover)',
  '--mantine-primary-color-contrast': 'var(--on-act)',
}

/** Under both schemes as well: Mantine sets some of them there. */
export const resolver: CSSVariablesResolver = () => ({ variables, light: variables, dark: variables })
