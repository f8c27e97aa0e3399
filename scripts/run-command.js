/**
 * Runs one program to its end, and gives its exit code and everything it printed, in the order it printed it.
 * Never throws for a program that fails; a program that can't be started, or runs past its time, has code 127 or 124.
 */
import { spawn } from 'node:child_process'
export function runCommand(command, args, options = {}) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let output = ''
    let timedOut = false
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            child.kill('SIGKILL')
          }, options.timeoutMs)
    const end = (code) => {
      clearTimeout(timer)
      resolve({ code, stdout, output, elapsedMs: performance.now() - started })
    }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      output += text
      options.onOutput?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text
      options.onOutput?.(text)
    })
    child.once('error', (error) => {
      output += `${command} can't be started: ${error.message}\n`
      end(127)
    })
    child.once('close', (code) => {
      if (timedOut) output += `${command} was stopped after ${options.timeoutMs} ms\n`
      end(timedOut ? 124 : (code ?? 128))
    })
  })
}
