import type { App } from './app.ts'
import type { Config } from './config.ts'
import type { readDemoState } from './demo.ts'

type BannerFacts = {
  config: Config
  app: App
  demoState: ReturnType<typeof readDemoState>
  demoOwner: string
  /** performance.now() at start */
  started: number
}

/** Says where to go: the first thing a new user reads. Printed to the terminal, not to the log: it holds secrets. */
export async function printBanner({ config, app, demoState, demoOwner, started }: BannerFacts): Promise<void> {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const lines = ['', `  Fidelio is ready after ${seconds} s`, '', `  Dashboards   ${config.http.publicUrl}`]
  if (demoState) {
    const link = await app.createSignInLink(demoOwner)
    if (link) lines.push(`  Sign in      ${link}`)
    lines.push('', '  API keys of the demo businesses')
    for (const business of demoState.businesses) lines.push(`    ${business.slug.padEnd(22)} ${business.apiKey}`)
    lines.push('', `  GraphQL      ${config.http.publicUrl}/graphql`)
  } else if (config.roles.includes('api')) {
    lines.push(`  GraphQL      ${config.http.publicUrl}/graphql`)
    lines.push(
      config.operatorKey
        ? '  Next         create a business with your OPERATOR_KEY: see “The API” in README.md'
        : '  Next         set OPERATOR_KEY to create your first business, or DEMO=1 to look around',
    )
  }
  lines.push('', '  Ctrl-C stops it.', '')
  console.log(lines.join('\n'))
}

const barCells = 32

/** A bar on a terminal; a line per quarter where there is none. */
export function progressBar(wanted: boolean): { show(done: number, total: number, events: number): void; end(): void } {
  const terminal = process.stdout.isTTY
  let lastQuarter = -1
  if (wanted) console.log('  Filling three demo businesses with 90 days of signed webhooks …')
  return {
    show(done, total, events) {
      const share = done / total
      if (terminal) {
        const full = Math.round(share * barCells)
        const bar = `${'█'.repeat(full)}${'░'.repeat(barCells - full)}`
        process.stdout.write(
          `\r  ${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${events.toLocaleString('en')} events`,
        )
      } else if (Math.floor(share * 4) > lastQuarter) {
        lastQuarter = Math.floor(share * 4)
        console.log(`  ${Math.round(share * 100)} %  ${events.toLocaleString('en')} events`)
      }
    },
    end() {
      if (wanted && terminal) process.stdout.write('\n')
    },
  }
}
