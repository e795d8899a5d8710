// `npm test`: every check and every suite, one after the other, with one plain summary as its last line.
// A check counts as one test. Names as arguments run only those steps: `npm test -- types unit`.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const reports = mkdtempSync(join(tmpdir(), 'fidelio-test-'))
const bin = (name) => join('node_modules', '.bin', name)

const steps = [
  { name: 'types', run: check(bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']) },
  { name: 'types-dashboards', run: check(bin('tsc'), ['-p', 'dashboards/tsconfig.json', '--noEmit']) },
  { name: 'lint', run: check(bin('biome'), ['check', '--error-on-warnings', '.']) },
  { name: 'house', run: check(process.execPath, ['--import', 'tsx', 'scripts/check-house.ts']) },
  {
    name: 'boundaries',
    run: check(bin('turbo'), ['boundaries'], { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }),
  },
  { name: 'unused', run: check(bin('knip'), []) },
  { name: 'schema', run: check(process.execPath, ['--import', 'tsx', 'scripts/print-schema.ts', '--check']) },
  { name: 'codegen', run: check(process.execPath, ['--import', 'tsx', 'scripts/codegen.ts', '--check']) },
  { name: 'unit', run: suite('unit', ['--project', 'unit']) },
  { name: 'integration', run: suite('integration', ['--project', 'integration']) },
  {
    name: 'integration-http',
    run: suite('integration-http', ['--project', 'integration'], { TEST_CLICKHOUSE: 'http' }),
  },
  { name: 'fault', run: suite('fault', ['--project', 'fault']) },
  { name: 'e2e', run: suite('e2e', ['--project', 'e2e']) },
]

const wanted = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }
const lines = []
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  console.log(`\n── ${step.name}`)
  const started = Date.now()
  const result = await step.run()
  for (const key of Object.keys(total)) total[key] += result[key]
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  lines.push(
    `${result.failed > 0 ? '✗' : '✓'} ${step.name.padEnd(18)} ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped  (${seconds} s)`,
  )
}
rmSync(reports, { recursive: true, force: true })
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

function check(command, args, env = {}) {
  return async () => {
    const code = await execute(command, args, env)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  }
}

/** One vitest run; a run that dies without a report counts as a failure. */
function suite(name, args, env = {}) {
  return async () => {
    const file = join(reports, `${name}.json`)
    const code = await execute(
      bin('vitest'),
      ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
      env,
    )
    try {
      const report = JSON.parse(readFileSync(file, 'utf8'))
      const failed = report.numFailedTests + (report.success || report.numFailedTests > 0 ? 0 : 1)
      return {
        passed: report.numPassedTests,
        failed: code !== 0 && failed === 0 ? 1 : failed,
        skipped: report.numPendingTests + report.numTodoTests,
      }
    } catch (error) {
      console.error(`${name}: no report (${error.message})`)
      return { passed: 0, failed: 1, skipped: 0 }
    }
  }
}

function execute(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    child.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}
