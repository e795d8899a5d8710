/** Accessibility findings of a page, by axe-core. */
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const placesShownMax = 3

/** Serious and critical findings, one readable line each; empty when there are none. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated, not added as a script tag: the product's content security policy allows none of those.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const result = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(on: unknown, options: unknown): Promise<AxeResults> } }).axe.run(document, {
      resultTypes: ['violations'],
    }),
  )
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => {
      const places = nodes
        .slice(0, placesShownMax)
        .map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`)
      return `${id}: ${help} (${nodes.length}×)\n    ${places.join('\n    ').replaceAll('\n', '\n    ')}`
    })
}

const layoutSettlesMs = 1500

/** How many pixels of the page lie beyond its right edge, once the layout had time to follow a change of size. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(async (settlesMs) => {
    const beyond = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    const until = performance.now() + settlesMs
    while (beyond() > 0 && performance.now() < until) await new Promise((resolve) => requestAnimationFrame(resolve))
    return beyond()
  }, layoutSettlesMs)
}
