/** The `bot` commands as a commander command, for a command line to mount. */
import { Command, InvalidArgumentError } from 'commander'
import { BotError } from '../bot-error.ts'
import {
  type BotOptions,
  buildCommand,
  type CommandOutput,
  chatCommand,
  exportCommand,
  forgetCommand,
  importCommand,
  publishCommand,
  serveCommand,
  testCommand,
} from './commands.ts'

/** `exit` hears the exit code of a command that found something wrong. */
export function botCommand(
  exit: (code: number) => void,
  output: CommandOutput = { out: process.stdout, err: process.stderr },
): Command {
  const root = new Command('bot').description('build, try, test and serve bots')
  const data = ['--data <folder>', 'where bots and conversations are kept'] as const
  const which = ['--bot <name>', 'which bot, where the file has several'] as const
  const json = ['--json', 'print JSON'] as const
  root
    .command('build')
    .description('check and train the bots of a file, and keep them as drafts')
    .argument('<file>', 'a module with defineBot, JSON, or a Lex export archive')
    .option(...data)
    .option(...json)
    .action((file: string, options: BotOptions) =>
      told(output, async () => {
        await buildCommand(file, options, output)
      }),
    )
  root
    .command('publish')
    .description('make the draft of a bot an immutable version')
    .argument('<name>')
    .option(...data)
    .option('--alias <alias>', 'let this alias point to it')
    .option(...json)
    .action((name: string, options: BotOptions) =>
      told(output, async () => {
        await publishCommand(name, options, output)
      }),
    )
  root
    .command('forget')
    .description('remove what is kept of a person: conversations, memory, messages that wait')
    .argument('<bot>')
    .argument('<user>', 'as conversations show it, or with --channel the messenger’s own name')
    .option('--channel <name>', 'the messenger')
    .option(...data)
    .option(...json)
    .action((bot: string, user: string, options: BotOptions & { channel?: string }) =>
      told(output, async () => {
        await forgetCommand({ bot, user }, options, output)
      }),
    )
  root
    .command('chat')
    .description('talk with a bot in the terminal; /quit ends it')
    .argument('<file>')
    .option(...which)
    .option(...data)
    .action((file: string, options: BotOptions) =>
      told(output, async () => {
        await chatCommand(file, { ...options, signal: stopSignal() }, output)
      }),
    )
  root
    .command('test')
    .description('run transcripts against a bot; exits with 1 when one goes otherwise')
    .argument('<file>')
    .argument('<transcripts...>')
    .option(...which)
    .option(...json)
    .action((file: string, transcripts: string[], options: BotOptions) =>
      told(output, async () => {
        if ((await testCommand(file, transcripts, options, output)) > 0) exit(1)
      }),
    )
  root
    .command('import')
    .description('read a Lex export archive, V1 or V2')
    .argument('<archive.zip>')
    .option('--out <file.json>', 'write it there')
    .action((archive: string, options: { out?: string }) =>
      told(output, async () => {
        await importCommand(archive, options, output)
      }),
    )
  root
    .command('export')
    .description('write a Lex export archive')
    .argument('<file>')
    .requiredOption('--out <archive.zip>')
    .option('--format <v1|v2>', 'of the archive', formatOf, 'v2')
    .option(...which)
    .action((file: string, options: BotOptions & { out: string; format?: string }) =>
      told(output, async () => {
        await exportCommand(file, options, output)
      }),
    )
  root
    .command('serve')
    .description('serve Amazon Lex’s runtime APIs, V1 and V2')
    .argument('<file>')
    .option('--port <number>', 'default 4010; 0 picks a free one', portOf)
    .option('--host <name>', 'default 127.0.0.1')
    .option('--alias <alias>', 'what the bots are published under; default prod')
    .option(...data)
    .action((file: string, options: BotOptions & { port?: number; host?: string }) =>
      told(output, async () => {
        await serveCommand(file, { ...options, signal: stopSignal() }, output)
      }),
    )
  return root
}

/** Every place that is wrong, one a line; whoever runs the command line prints the first in its last line. */
async function told({ err }: CommandOutput, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const issues = error instanceof BotError ? error.issues : []
    if (issues.length > 1) {
      for (const { path, message } of issues) err.write(`  ${path}: ${message}\n`)
    }
    throw error
  }
}

function formatOf(value: string): string {
  if (value === 'v1' || value === 'v2') return value
  throw new InvalidArgumentError('it is v1 or v2')
}

function portOf(value: string): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('it is a number from 0 to 65535')
}

/** Aborts when the process is told to stop. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  return stop.signal
}
