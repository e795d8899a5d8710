import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** House rules that no linter knows (design.md §9); each line it prints says which rule, where, and what to do. */
const fileLinesMax = 300

type Rule = { name: string; files: RegExp; except?: RegExp; pattern: RegExp; advice: string }

const rules: Rule[] = [
  {
    name: 'environment',
    files: /^(services|db|dashboards)\//,
    except: /^services\/server\/src\/config\.ts$|vite\.config\.ts$/,
    pattern: /process\.env/,
    advice: 'read it in services/server/src/config.ts and pass it on',
  },
  {
    name: 'sql',
    files: /^(services|dashboards)\//,
    pattern: /\b(select\s+[\w*"'(].*\bfrom\b|insert\s+into\s+\w|delete\s+from\s+\w|update\s+\w+\s+set\s)/i,
    advice: 'SQL lives in db/ only',
  },
  {
    name: 'built-sql',
    files: /^db\//,
    except: /^db\/src\/(postgres|clickhouse)\/(migrate|embedded|client|roles)[\w-]*\.ts$/,
    pattern: /\.unsafe\(/,
    advice: 'text never becomes SQL: bind a parameter',
  },
  {
    name: 'clock',
    files: /^(services\/(core|channels|ingest|scheduler|api)|db)\//,
    except: /^services\/core\/src\/time\.ts$|\.test\.ts$/,
    pattern: /\bDate\.now\(\)|new Date\(\)/,
    advice: 'take the clock from deps (core/time)',
  },
  {
    name: 'swallowed',
    files: /^(services|db|dashboards|scripts)\//,
    pattern: /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(\{\}|undefined|null)\)/,
    advice: 'an error is handled or passed on',
  },
  {
    name: 'tests',
    files: /\.test\.tsx?$/,
    pattern: /\b(it|test|describe)\.(only|todo|skip)\b/,
    advice: 'a test runs, or prints why it cannot',
  },
]

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && !file.includes('/generated/'))

const complaints: string[] = []
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n')
  if (lines.length - 1 > fileLinesMax)
    complaints.push(`${file}: ${lines.length - 1} lines, at most ${fileLinesMax}: split it by meaning`)
  for (const rule of rules) {
    if (!rule.files.test(file) || rule.except?.test(file)) continue
    lines.forEach((line, index) => {
      const code = line.replace(/^\s*(\/\/|\*|\/\*).*$/, '')
      if (rule.pattern.test(code)) complaints.push(`${file}:${index + 1}: ${rule.name}: ${rule.advice}`)
    })
  }
}

if (complaints.length > 0) {
  console.error(complaints.join('\n'))
  console.error(`\n${complaints.length} places break a house rule.`)
  process.exitCode = 1
} else console.log(`${files.length} files keep the house rules.`)
