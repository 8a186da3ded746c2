/**
 * Mantine's theme: system fonts, one ink-blue accent, small radii. Everything that is not an input, a button or a dialog
 * is styled by styles/, whose variables follow the same colour scheme.
 */
import { Button, createTheme, Input, type MantineColorsTuple, Modal } from '@mantine/core';

const FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif';

const INK: MantineColorsTuple = [
  '#eef3f9',
  '#dbe5f0',
  '#b5c9e0',
  '#8cabd0',
  '#6a92c2',
  '#5482ba',
  '#3f6ea8',
  '#305a8f',
  '#264a77',
  '#1c3a60',
];

/** Text, borders and surfaces of Mantine's own parts in the dark scheme, as in styles/base.css. */
const DARK: MantineColorsTuple = [
  '#e4e9f0',
  '#c3ccd8',
  '#9aa6b6',
  '#6b7787',
  '#2c3541',
  '#232b35',
  '#181e26',
  '#181e26',
  '#11151b',
  '#0c1015',
];

export const theme = createTheme({
  fontFamily: FONTS,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: FONTS, fontWeight: '600' },
  colors: { ink: INK, dark: DARK },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
  components: {
    // 32 px controls: a filter bar and a table are read together, so they share one density.
    Button: Button.extend({
      vars: (_theme, { size }) => {
        if (size === 'compact-sm') return { root: { '--button-fz': '13px' } };
        return {
          root: size === undefined || size === 'sm' ? { '--button-height': '32px', '--button-fz': '13px' } : {},
        };
      },
    }),
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': '32px', '--input-fz': '13px' } }) }),
    Modal: Modal.extend({ defaultProps: { overlayProps: { backgroundOpacity: 0.4 } } }),
  },
});
