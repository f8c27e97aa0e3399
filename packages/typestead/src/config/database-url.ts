/**
 * What is wrong with a `DATABASE_URL`, found before a driver sees it: drivers answer what they cannot read as they
 * answer a server that is down, and quote it. The words here quote nothing of it, since it may hold a password.
 */

const form = /^([a-z+]+):\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^/?#@]*)?(\?[^#]*)?$/

/** A sentence that says what to write; undefined when a driver can read the URL. */
export function databaseUrlProblem(url: string): string | undefined {
  if (!/^(postgres|postgresql|mongodb|mongodb\+srv):\/\//.test(url)) {
    return 'must start with postgres:// or mongodb://'
  }
  const [, scheme = '', user, hosts = '', path = ''] = form.exec(url) ?? []
  if (scheme === '' || /\s/.test(url)) return notEncoded
  const isMongo = scheme.startsWith('mongodb')
  const [name = '', ...password] = (user ?? '').split(':')
  if (![name, password.join(':'), hosts, path].every(isDecodable)) return notEncoded
  if (isMongo && user !== undefined && (name === '' || /[:[\]@]/.test(name + password.join(':')))) {
    return notEncoded
  }
  if (!(isMongo ? areMongoHosts(scheme, hosts) : isPostgresHost(hosts))) {
    return 'must have a host, or host:port with a port from 1 to 65535, after // and user:password@'
  }
  if (path.length < 2) {
    return `must name the database: ${isMongo ? 'mongodb' : 'postgres'}://user:password@host/database`
  }
  return undefined
}

const notEncoded =
  'must have the form postgres://user:password@host:port/database, with other characters than letters and digits in user, password and database percent-encoded (% as %25, @ as %40, / as %2F, # as %23, : as %3A)'

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}

/** Without a host it is the one of `?host=`, or the socket of this machine. */
function isPostgresHost(host: string): boolean {
  return host === '' || isHost(host)
}

function areMongoHosts(scheme: string, hosts: string): boolean {
  if (scheme === 'mongodb+srv') return isHost(hosts) && !hosts.includes(':')
  return hosts.split(',').every(isHost)
}

/** A name, an address, or the percent-encoded path of a socket; with or without a port. */
function isHost(host: string): boolean {
  return host !== '' && !/:0*$/.test(host) && URL.canParse(`mongodb://${host}/`)
}
