/** The `nlu` commands as a commander command, for a command line to mount. */
import { Command, InvalidArgumentError } from 'commander'
import {
  type CommandOutput,
  type EvaluateCommandOptions,
  evaluateCommand,
  type ParseCommandOptions,
  parseCommand,
  type ServeCommandOptions,
  serveCommand,
  stopSignal,
  type TrainCommandOptions,
  trainCommand,
  validateCommand,
} from './commands.ts'

/** The commands for a command line; `exit` hears the exit code of a command that found something wrong. */
export function nluCommand(
  exit: (code: number) => void,
  output: CommandOutput = { out: process.stdout, err: process.stderr },
): Command {
  const root = new Command('nlu').description('intents and entities from training data')
  const list = (value: string, before: string[] = []) => [...before, value]
  root
    .command('train')
    .description('train a model from Rasa JSON, Markdown, YAML or JSON lines')
    .argument('<files...>')
    .requiredOption('--out <model>', 'the model file to write')
    .option('--pipeline <name>', 'fast, embedding or keyword')
    .option('--config <file>', 'a Rasa config.yml: language and pipeline')
    .option('--language <code>', 'language of the data')
    .option('--seed <number>', 'the same seed gives the same model', wholeNumber(0))
    .option('--components <module>', 'a module of own components; may be repeated', list)
    .option('--json', 'print JSON')
    .action(async (files: string[], options: TrainCommandOptions) => {
      await trainCommand(files, { ...options, signal: stopSignal() }, output)
    })
  root
    .command('parse')
    .description('understand one sentence')
    .argument('<model>')
    .argument('<text>')
    .option('--time-zone <zone>', 'IANA zone of dates and times', timeZone)
    .option('--context <name>', 'an active context; may be repeated', list)
    .option('--json', 'print JSON')
    .action(
      async (
        model: string,
        text: string,
        { context, ...options }: ParseCommandOptions & { context?: string[] },
      ) => {
        await parseCommand(
          model,
          text,
          { ...options, ...(context ? { contexts: context } : {}) },
          output,
        )
      },
    )
  root
    .command('evaluate')
    .description('measure a model on labelled sentences; with --folds, cross-validate the files')
    .argument('<model-or-file>')
    .argument('[files...]')
    .option('--folds <number>', 'cross-validate instead of reading a model', wholeNumber(2))
    .option('--pipeline <name>', 'pipeline for --folds')
    .option('--config <file>', 'a Rasa config.yml for --folds')
    .option('--report <file.html>', 'write a report with pictures')
    .option('--json', 'print JSON')
    .action(async (first: string, files: string[], options: EvaluateCommandOptions) => {
      if (options.folds === undefined) await evaluateCommand(first, files, options, output)
      else await evaluateCommand(undefined, [first, ...files], options, output)
    })
  root
    .command('validate')
    .description('list what is wrong with training data, with file and line')
    .argument('<files...>')
    .option('--json', 'print JSON')
    .action(async (files: string[], options: { json?: boolean }) => {
      if ((await validateCommand(files, options, output)) > 0) exit(1)
    })
  root
    .command('serve')
    .description("serve models by Rasa's HTTP API")
    .option('--models <folder>', 'folder of the model files', 'models')
    .option('--port <number>', 'port', wholeNumber(0, 65535), 5000)
    .option('--host <name>', 'address to bind', '127.0.0.1')
    .option('--token <token>', 'wanted of every request', process.env.TYPESTEAD_NLU_TOKEN)
    .option('--time-zone <zone>', 'IANA zone of dates and times', timeZone)
    .option('--config <file>', 'a Rasa config.yml for training by HTTP')
    .option('--components <module>', 'a module of own components; may be repeated', list)
    .option('--json', 'print JSON')
    .action((options: ServeCommandOptions) => serveCommand(options, output))
  return root
}

/** Reads an option's number. */
function wholeNumber(least: number, most = 2 ** 31 - 1): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (value.trim() !== '' && Number.isInteger(number) && number >= least && number <= most)
      return number
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`)
  }
}

/** A zone that does not exist would show only once somebody says a time. */
function timeZone(value: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value
  } catch {
    throw new InvalidArgumentError('expected an IANA zone such as Europe/Berlin.')
  }
}
