import type { ChartColors } from './colors.ts'

/** Pieces that options of all pages share, so that axes and tooltips look the same everywhere. */

export function grid(more: Record<string, unknown> = {}) {
  return { left: 0, right: 8, top: 16, bottom: 0, containLabel: true, ...more }
}

export function categoryAxis(data: readonly string[], colors: ChartColors, more: Record<string, unknown> = {}) {
  return {
    type: 'category' as const,
    data: [...data],
    boundaryGap: false,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.ink3, hideOverlap: true, margin: 12 },
    ...more,
  }
}

export function valueAxis(say: (value: number) => string, colors: ChartColors, more: Record<string, unknown> = {}) {
  return {
    type: 'value' as const,
    splitNumber: 4,
    axisLabel: { color: colors.ink3, formatter: say },
    splitLine: { lineStyle: { color: colors.line } },
    ...more,
  }
}

export function tooltip(colors: ChartColors, more: Record<string, unknown> = {}) {
  return {
    confine: true,
    backgroundColor: colors.surface,
    borderColor: colors.line,
    borderWidth: 1,
    padding: [10, 14],
    extraCssText: 'border-radius:10px;box-shadow:0 8px 24px -8px rgb(0 0 0 / 22%);',
    textStyle: { color: colors.ink, fontSize: 13, fontFamily: "'Inter Variable', system-ui, sans-serif" },
    ...more,
  }
}

/** Text for a tooltip's HTML: names come from outside and must not become markup. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
