/** The environment variables of the command line, checked. */
import { z } from 'zod'
import { TypesteadError } from '../typestead-error.ts'
import { databaseUrlProblem } from './database-url.ts'
import { isHost } from './host-name.ts'

export interface Environment {
  /** Of the app; 0 picks a free one. */
  readonly port: number
  readonly workbenchPort: number
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly workbenchToken: string | undefined
  readonly databaseUrl: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** @throws {TypesteadError} `USAGE` naming each variable that is wrong */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const result = schema.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
  )
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new TypesteadError('USAGE', problems.join('\n'))
  }
  const read = result.data
  const port = read.PORT ?? 4000
  const workbenchPort = read.TYPESTEAD_WORKBENCH_PORT ?? (port === 0 ? 0 : port + 1)
  if (workbenchPort > 65_535) {
    throw new TypesteadError('USAGE', 'there is no port after PORT: set TYPESTEAD_WORKBENCH_PORT')
  }
  return {
    port,
    workbenchPort,
    host: read.TYPESTEAD_HOST ?? '127.0.0.1',
    allowedHosts: (read.TYPESTEAD_ALLOWED_HOSTS ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
    workbenchToken: read.TYPESTEAD_WORKBENCH_TOKEN,
    databaseUrl: read.DATABASE_URL,
    logLevel: read.TYPESTEAD_LOG_LEVEL ?? 'info',
  }
}

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port from 0 (a free one) to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port from 0 (a free one) to 65535')

const schema = z.object({
  PORT: port.optional(),
  TYPESTEAD_WORKBENCH_PORT: port.optional(),
  TYPESTEAD_HOST: z
    .string()
    .refine(isHost, 'must be an address, as 127.0.0.1 or ::1, or a host name')
    .optional(),
  TYPESTEAD_ALLOWED_HOSTS: z.string().optional(),
  TYPESTEAD_WORKBENCH_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  DATABASE_URL: z
    .string()
    .superRefine((url, { addIssue }) => {
      const message = databaseUrlProblem(url)
      if (message !== undefined) addIssue({ code: 'custom', message })
    })
    .optional(),
  TYPESTEAD_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).optional(),
})
