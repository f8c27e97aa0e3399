/**
 * The settings an embedded server runs with, as `postgres -c name=value` arguments.
 * Chosen for a development machine of two cores; what makes an acknowledged commit durable can't be turned off.
 */
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

const defaults: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  max_connections: '100',
  random_page_cost: '1.1',
  // No replicas here: less is written per transaction and bulk loads into new tables skip the log. Crash-safe all the same.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  // Its library is not part of the npm package, and short queries lose by it.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  cluster_name: 'typestead',
}

/** Name to the value it must keep; undefined: ours alone to set. */
const fixed: Readonly<Record<string, string | undefined>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: undefined,
  port: undefined,
  unix_socket_directories: undefined,
  unix_socket_permissions: undefined,
  unix_socket_group: undefined,
  data_directory: undefined,
  config_file: undefined,
  hba_file: undefined,
  ident_file: undefined,
  external_pid_file: undefined,
  logging_collector: undefined,
}

/**
 * Checks the caller's settings.
 * @throws {EmbeddedPostgresError} EMBEDDED_BAD_OPTION naming the setting
 */
export function checkSettings(settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    const refuse = (why: string) =>
      new EmbeddedPostgresError('EMBEDDED_BAD_OPTION', `settings.${name}: ${why}`)
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/.test(name)) {
      throw refuse('not the name of a PostgreSQL setting (lower case, digits, underscores)')
    }
    if (typeof value !== 'string' || /[\n\r\0]/.test(value)) {
      throw refuse('the value must be a string of one line')
    }
    if (!Object.hasOwn(fixed, name)) continue
    const kept = fixed[name]
    if (kept === undefined) throw refuse('is set by Typestead itself; leave it out')
    if (value !== kept) {
      throw refuse(`stays ${kept}, so that no acknowledged commit is lost; leave it out`)
    }
  }
}

/** Where the server listens: a socket folder, or on Windows (which has no private sockets) a port of 127.0.0.1. */
export type Listen =
  | { readonly socketFolder: string; readonly port: number }
  | { readonly port: number }

/** All settings as arguments for `postgres`, the caller's over our defaults, ours alone last. */
export function settingArguments(
  settings: Readonly<Record<string, string>>,
  listen: Listen,
): string[] {
  const all: Record<string, string> = {
    ...defaults,
    ...settings,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    port: String(listen.port),
    ...('socketFolder' in listen
      ? {
          listen_addresses: '',
          unix_socket_directories: socketList(listen.socketFolder),
          unix_socket_permissions: '0700',
        }
      : { listen_addresses: '127.0.0.1', unix_socket_directories: '' }),
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The setting is a comma-separated list of names; quotes keep a comma, a blank or a capital in one. */
function socketList(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`
}
