/** The commands and their options. What a command does is loaded only when it runs. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { exitCodeHelp } from '../exit-code.ts'

interface AppOption {
  readonly app?: string
}

/** @param exit hears the exit code of a command that ended without an error */
export function program(exit: (code: number) => void): Command {
  const root = new Command('typestead')
    .description(
      'Change one class, and your database, API and screens change with it, or the change is refused.',
    )
    .version(version())
    .option('--verbose', 'print the stack of an error')
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ sortSubcommands: false })

  root
    .command('new')
    .description('make a small app in a new folder')
    .argument('<dir>', 'the folder; it must be empty or not there')
    .action(async (folder: string) => {
      const { newApp } = await import('../create/new-app.ts')
      await newApp(folder)
    })
  addServers(root, exit)
  addPlan(root, exit)
  addDatabase(root)
  addGraphql(root, exit)
  inherit(root)
  addMounted(root, exit)
  return root
}

function addServers(root: Command, exit: (code: number) => void): void {
  root
    .command('dev')
    .description(
      'start the app, start it again when its files change, and apply migrations that lose nothing',
    )
    .addOption(appOption())
    .action(async (options: AppOption) => {
      const { dev } = await import('../dev/dev.ts')
      exit(await dev(options))
    })
  root
    .command('start')
    .description('serve the app and its workbench; an empty database is migrated and seeded first')
    .addOption(appOption())
    .option('--production', 'refuse what is for development only, and say what to set')
    .addOption(new Option('--dev').hideHelp())
    .action(async (options: AppOption & { production?: boolean; dev?: boolean }) => {
      const { start } = await import('../server/start.ts')
      exit(await start(options))
    })
}

function addPlan(root: Command, exit: (code: number) => void): void {
  root
    .command('plan')
    .description(
      'print all that the changes of your classes do: database, API, schemas; nothing is written',
    )
    .addOption(appOption())
    .option('--from <descriptor.json>', 'compare with this model instead of the database')
    .option('--descriptor', 'print the model of the classes, to keep for --from')
    .option(
      '--schema <file.graphql>',
      'compare the API with this schema instead of the one served last',
    )
    .option('--allow-loss', 'do not refuse changes that destroy values')
    .option('--allow-breaking', 'do not refuse changes that break clients of the API')
    .option('--check', 'exit with 3 when there is anything to migrate')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { plan } = await import('../plan/plan-command.ts')
      exit(await plan(options))
    })
}

function addDatabase(root: Command): void {
  const db = root.command('db').description('the database of the app')
  db.command('migrate')
    .description('bring the database to the model of your classes')
    .addOption(appOption())
    .option('--dry-run', 'print the statements, change nothing')
    .option('--allow-loss', 'let changes happen that destroy values')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { migrate } = await import('../data/migrate-command.ts')
      await migrate(options)
    })
  db.command('seed')
    .description('fill an empty database with the rows of the config’s seed')
    .addOption(appOption())
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { seedDatabase } = await import('../data/seed-command.ts')
      await seedDatabase(options)
    })
  db.command('reset')
    .description('remove all rows and tables of the app; the next start makes and fills them again')
    .addOption(appOption())
    .option('--yes', 'really do it')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { reset } = await import('../data/reset-command.ts')
      await reset(options)
    })
}

function addGraphql(root: Command, exit: (code: number) => void): void {
  const graphql = root
    .command('graphql')
    .description('the GraphQL API of the app, or of a file of entities')
  graphql
    .command('schema')
    .description('print the schema')
    .argument('[file]', 'a module that exports entities or a model, instead of an app')
    .addOption(appOption())
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options) => {
      const { printSchema } = await import('../server/graphql-commands.ts')
      await printSchema(file, options)
    })
  graphql
    .command('serve')
    .description('serve /api and /api/graphiql alone')
    .argument('[file]', 'a module that exports entities or a model, instead of an app')
    .addOption(appOption())
    .action(async (file: string | undefined, options) => {
      const { serveApi } = await import('../server/graphql-commands.ts')
      exit(await serveApi(file, options))
    })
}

/** Commands whose options are their package's own, which is loaded only when it is asked. */
function addMounted(root: Command, exit: (code: number) => void): void {
  const mount = (name: string, description: string, run: (args: string[]) => Promise<void>) =>
    root
      .command(name)
      .description(description)
      .argument('[args...]')
      .helpOption(false)
      .allowUnknownOption()
      .exitOverride()
      .action(run)
  mount('nlu', 'train, ask, measure and serve models that understand sentences', async (args) => {
    const { nlu } = await import('../nlu/nlu-command.ts')
    await nlu(args, exit)
  })
  mount('bot', 'build, try, test and serve bots', async (args) => {
    const { bot } = await import('../bots/bot-command.ts')
    await bot(args, exit)
  })
}

function appOption(): Option {
  return new Option(
    '--app <folder>',
    'the app; by default the nearest folder upwards with typestead.config.ts',
  )
}

/** Every command ends by an exception instead of process.exit, and takes --verbose anywhere. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().showHelpAfterError('(add --help for the options)')
    if (child.commands.length === 0) {
      child.addOption(new Option('--verbose', 'print the stack of an error').hideHelp())
      child.addHelpText('after', exitCodeHelp)
    }
    inherit(child)
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return (manifest as { version: string }).version
}
