/** The controller's own web server: a Hono app that handlers can be added to, on one port. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { BotError } from '../bot-error.ts'

export interface Webserver {
  readonly app: Hono
  readonly port: number
  close(): Promise<void>
}

/** @throws {BotError} UNAVAILABLE when the port can't be had */
export async function startWebserver(port: number, hostname: string): Promise<Webserver> {
  const app = new Hono()
  // Made by node:http, which is its default.
  const server = createAdaptorServer({ fetch: app.fetch, hostname }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new BotError('UNAVAILABLE', `cannot listen on ${hostname}:${port}; take another port`, {
          cause,
        }),
      )
    })
    server.listen({ port, host: hostname }, resolve)
  })
  return {
    app,
    // A server that listens on TCP has an address of this form.
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 5_000).unref()
      await closed
    },
  }
}
