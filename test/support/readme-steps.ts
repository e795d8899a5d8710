/** The README's API chapter, run as a stranger would: command after command, in a shell, keeping what it says to keep. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** One command of the chapter, with the title of its step ("A business") and what the reader is told to keep from it. */
export type ReadmeCommand = { step: string; command: string }

/** Every curl of the chapter, in order. Commands of one block are separated by empty lines. */
export async function readmeCommands(): Promise<ReadmeCommand[]> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const chapter = /^## The API$([\s\S]*?)^## /m.exec(readme)?.[1]
  if (!chapter) throw new Error('README.md has no chapter “The API”.')
  const commands: ReadmeCommand[] = []
  let step = ''
  for (const [, title, block] of chapter.matchAll(/\*\*\d+\. ([^*]+?)\.?\*\*|^```\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) step = title
    for (const command of (block ?? '').split(/\n\s*\n/)) {
      if (command.includes('curl')) commands.push({ step, command: command.trim() })
    }
  }
  return commands
}

/** Runs one command with bash; `kept` are the shell variables the reader holds by now. */
export function runInShell(command: string, port: number, kept: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'bash',
      ['-euo', 'pipefail', '-c', command.replaceAll('localhost:4000', `localhost:${port}`)],
      { env: { PATH: process.env.PATH, ...kept } },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${command}\nfailed: ${error.message}\n${stderr}`))
        else resolve(stdout)
      },
    )
  })
}
