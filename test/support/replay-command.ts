/** `npm run replay` as an operator runs it: a process of its own beside the server. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const secondsMax = 100

/** Runs the command to its end. `output`: both streams, in the order of the program. */
export function runReplay(
  env: Record<string, string>,
  args: Readonly<Record<string, string>>,
): Promise<{ status: number; output: string }> {
  const named = Object.entries(args).flatMap(([name, value]) => [`--${name}`, value])
  const { PATH, HOME } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/replay.ts', ...named],
      { cwd: repository, env: { PATH, HOME, ...env }, timeout: secondsMax * 1000 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ status, output: stdout + stderr })
      },
    )
  })
}
