/**
 * The `bot` commands as functions. Results go to `out`, warnings and progress to `err`; with `json` each prints one JSON value.
 * They know a bot by a file that defines it, or by its name in the folder that `build` put it into.
 */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { type Terminal, terminal } from '../adapters/terminal/terminal.ts'
import { BotError } from '../bot-error.ts'
import { exportV1 } from '../lex/archive/export-v1.ts'
import { exportV2 } from '../lex/archive/export-v2.ts'
import { importArchive } from '../lex/archive/import-archive.ts'
import { serveLex } from '../lex/serve-lex.ts'
import type { BotModel } from '../model/bot-model.ts'
import type {
  BotService,
  BuiltBot,
  Forgotten,
  PublishedVersion,
} from '../service/service-contract.ts'
import { runTranscript } from '../transcripts/run-transcript.ts'
import { parseTranscript } from '../transcripts/transcript-file.ts'
import { loadDefinitions } from './load-definitions.ts'
import { databaseFile, type OpenedService, openService, type ServicePlace } from './open-service.ts'

/** Where a command writes; `process.stdout` and `process.stderr` fit. */
export interface CommandOutput {
  readonly out: NodeJS.WritableStream
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean }
}

export interface BotOptions {
  /** The folder that keeps bots and conversations. */
  readonly data?: string
  /** Which bot of the file. */
  readonly bot?: string
  readonly alias?: string
  readonly json?: boolean
}

const defaultData = '.typestead-bots'

/** `bot build <file>`: checks, trains and keeps the drafts. @throws {BotError} BAD_INPUT with every place that is wrong */
export async function buildCommand(
  file: string,
  { data = defaultData, json = false }: BotOptions,
  output: CommandOutput,
): Promise<readonly BuiltBot[]> {
  await using opened = await openFor(file, data, output)
  const { out, err } = output
  const built = await buildAll(opened, output)
  for (const { bot, model, warnings } of built) {
    for (const warning of warnings) err.write(`warning: ${warning}\n`)
    if (!json) out.write(`${bot}: built, ${describe(model)}\n`)
  }
  if (json) {
    const shown = built.map(({ bot, checksum, model, warnings }) => ({
      bot,
      checksum,
      hash: model.hash,
      warnings,
    }))
    out.write(`${JSON.stringify(shown)}\n`)
  }
  return built
}

/** `bot publish <name>`: the draft becomes a version. @throws {BotError} NOT_FOUND */
export async function publishCommand(
  name: string,
  { data = defaultData, alias, json = false }: BotOptions,
  output: CommandOutput,
): Promise<PublishedVersion> {
  await using opened = await openService({ data, root: '.', warn: warnTo(output) })
  const version = await opened.service.publish(name, alias === undefined ? {} : { alias })
  const told = alias === undefined ? '' : `, ${alias} points to it`
  output.out.write(
    json ? `${JSON.stringify(version)}\n` : `${name}: version ${version.version}${told}\n`,
  )
  return version
}

/** `bot forget <bot> <user>`: what is kept of a person goes. @throws {BotError} NOT_FOUND where the folder keeps no conversations */
export async function forgetCommand(
  { bot, user }: { readonly bot: string; readonly user: string },
  { data = defaultData, channel, json = false }: BotOptions & { readonly channel?: string },
  output: CommandOutput,
): Promise<Forgotten> {
  if (!existsSync(join(data, databaseFile))) {
    throw new BotError('NOT_FOUND', `${data} keeps no conversations; name the folder by --data`)
  }
  await using opened = await openService({ data, root: '.', warn: warnTo(output) })
  const whom = { bot, user, ...(channel === undefined ? {} : { channel }) }
  const forgotten = await opened.service.forget(whom)
  const { conversations, turns, memories, messages } = forgotten
  const counts = `${conversations} conversations, ${turns} turns, ${memories} memories, ${messages} messages`
  output.out.write(json ? `${JSON.stringify(forgotten)}\n` : `${user}: forgotten, ${counts}\n`)
  return forgotten
}

/** `bot chat <file>`: a conversation in the terminal. */
export async function chatCommand(
  file: string,
  {
    data,
    bot,
    signal,
    input,
  }: BotOptions & { signal?: AbortSignal; input?: NodeJS.ReadableStream },
  output: CommandOutput,
): Promise<void> {
  await using opened = await openFor(file, data, output)
  const built = await buildAll(opened, output)
  const name = chosen(built, bot)
  const adapter: Terminal = terminal({
    output: output.out as NodeJS.WriteStream,
    ...(input === undefined ? {} : { input: input as NodeJS.ReadStream }),
  })
  opened.service.connect(adapter, { bot: name, alias: '$LATEST' })
  await adapter.run(signal === undefined ? {} : { signal })
}

/** `bot test <file> <transcripts…>`: how many of the transcripts went otherwise. */
export async function testCommand(
  file: string,
  transcripts: readonly string[],
  { bot, json = false }: BotOptions,
  output: CommandOutput,
): Promise<number> {
  await using opened = await openFor(file, undefined, output)
  const name = chosen(await buildAll(opened, output), bot)
  const results = []
  for (const path of transcripts) {
    const transcript = parseTranscript(String(await read(path)), path)
    const differences = await runTranscript(
      opened.service,
      { bot: transcript.bot ?? name, alias: '$LATEST' },
      transcript,
    )
    results.push({ file: path, differences })
    if (json) continue
    output.out.write(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${path}\n`)
    for (const difference of differences) output.out.write(`     ${difference}\n`)
  }
  const failed = results.filter(({ differences }) => differences.length > 0).length
  if (json) output.out.write(`${JSON.stringify(results)}\n`)
  else output.out.write(`${results.length - failed} passed, ${failed} failed\n`)
  return failed
}

/** `bot import <archive>`: a Lex export archive as JSON. */
export async function importCommand(
  archive: string,
  { out: target }: { readonly out?: string },
  { out, err }: CommandOutput,
): Promise<BotModel> {
  const { model, warnings } = importArchive(await read(archive))
  for (const warning of warnings) err.write(`warning: ${warning}\n`)
  const text = `${JSON.stringify(model, undefined, 2)}\n`
  if (target === undefined) out.write(text)
  else {
    await writeFile(target, text)
    out.write(`${model.name}: written to ${target}, ${describe(model)}\n`)
  }
  return model
}

/** `bot export <file>`: a Lex export archive. */
export async function exportCommand(
  file: string,
  { out: target, bot, format = 'v2' }: BotOptions & { out: string; format?: string },
  output: CommandOutput,
): Promise<void> {
  await using opened = await openFor(file, undefined, output)
  const built = await buildAll(opened, output)
  const name = chosen(built, bot)
  const model = built.find((one) => one.bot === name)?.model
  if (model === undefined) throw new BotError('NOT_FOUND', `${file} has no bot ${name}`)
  const { bytes, warnings } = format === 'v1' ? exportV1(model) : exportV2(model)
  for (const warning of warnings) output.err.write(`warning: ${warning}\n`)
  await writeFile(target, bytes)
  output.out.write(`${name}: written to ${target} (Lex ${format.toUpperCase()})\n`)
}

/** `bot serve <file>`: Amazon Lex's APIs until the signal aborts. */
export async function serveCommand(
  file: string,
  options: BotOptions & { readonly port?: number; readonly host?: string; signal: AbortSignal },
  output: CommandOutput,
): Promise<void> {
  const { data = defaultData, alias = 'prod', port = 4_010, host = '127.0.0.1', signal } = options
  const metrics = new Registry()
  await using opened = await openFor(file, data, output, { metrics, isolation: 'worker' })
  for (const { bot } of await buildAll(opened, output)) {
    await opened.service.publish(bot, { alias })
  }
  await using server = await serveLex({
    service: opened.service,
    metrics,
    port,
    host,
    onError: (error) => warnTo(output)(error instanceof Error ? error.message : String(error)),
  })
  output.out.write(`Amazon Lex's V1 and V2 runtime APIs at ${server.url}\n`)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

interface OpenedFile extends AsyncDisposable {
  readonly service: BotService
  readonly loaded: Awaited<ReturnType<typeof loadDefinitions>>
}

async function openFor(
  file: string,
  data: string | undefined,
  output: CommandOutput,
  more: Pick<ServicePlace, 'isolation' | 'metrics'> = {},
): Promise<OpenedFile> {
  const loaded = await loadDefinitions(file)
  for (const warning of loaded.warnings) output.err.write(`warning: ${warning}\n`)
  const opened: OpenedService = await openService({
    data,
    root: loaded.root,
    warn: warnTo(output),
    ...more,
  })
  return {
    service: opened.service,
    loaded,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

async function buildAll(
  { service, loaded }: OpenedFile,
  { err }: CommandOutput,
): Promise<readonly BuiltBot[]> {
  const built = []
  for (const bot of loaded.bots) {
    let last = -1
    const onProgress = (done: number) => {
      const percent = Math.floor(done * 100)
      if (!err.isTTY || percent === last) return
      last = percent
      err.write(`\r${bot.name}: training ${percent} %${percent === 100 ? '\n' : ''}`)
    }
    built.push(await service.build(bot, { onProgress }))
  }
  return built
}

/** @throws {BotError} NOT_FOUND, BAD_INPUT naming the file */
async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    if (!existsSync(file)) throw new BotError('NOT_FOUND', `there is no file ${file}`, { cause })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BotError('BAD_INPUT', `${file} cannot be read: ${reason}`, { cause })
  }
}

/** @throws {BotError} BAD_INPUT where it is not clear which */
function chosen(built: readonly BuiltBot[], name: string | undefined): string {
  const names = built.map(({ bot }) => bot)
  if (name !== undefined && names.includes(name)) return name
  const [only, ...others] = names
  if (name === undefined && only !== undefined && others.length === 0) return only
  throw new BotError('BAD_INPUT', `say which bot by --bot; there are ${names.join(', ')}`)
}

function describe(model: BotModel): string {
  const { intents = [], slotTypes = [] } = model.locales[model.defaultLocale] ?? {}
  return `${intents.length} intents, ${slotTypes.length} slot types, ${Object.keys(model.locales).join(', ')}`
}

function warnTo({ err }: CommandOutput): (text: string) => void {
  return (text) => err.write(`warning: ${text}\n`)
}
