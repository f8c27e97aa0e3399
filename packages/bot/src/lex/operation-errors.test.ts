/** Each operation answers with the errors that AWS's models give it, whatever fails. */
import { describe, expect, it } from 'vitest'
import { purchaseModel } from '../../test/lex/purchase-model.ts'
import { scriptedService } from '../../test/lex/scripted-service.ts'
import { type Sent, send, v1Path, v2Path } from '../../test/lex/send.ts'
import { type LexHandler, lexApi } from './lex-api.ts'
import { type FaultKind, faultResponse, LexFault } from './lex-fault.ts'
import type { LexOperation } from './lex-route.ts'
import { operationErrors, statuses } from './operation-errors.ts'

const api = lexApi(scriptedService(purchaseModel()), { basePath: '/lex' })

describe('errors', () => {
  const kinds: readonly FaultKind[] = [
    'input',
    'notFound',
    'conflict',
    'limit',
    'dependency',
    'upstream',
    'media',
    'notAcceptable',
    'timeout',
    'internal',
    'unsupported',
  ]
  const operations = (['v1', 'v2'] as const).flatMap((generation) =>
    Object.keys(operationErrors[generation]).map(
      (operation) => [generation, operation as LexOperation] as const,
    ),
  )

  it.each(operations)(
    '%s %s: whatever fails, a name that it has',
    async (generation, operation) => {
      for (const kind of kinds) {
        const response = faultResponse(generation, operation, new LexFault(kind, 'why'), 'id')
        const name = response.headers.get('x-amzn-errortype') ?? ''
        expect(operationErrors[generation][operation], kind).toContain(name)
        expect(response.status, kind).toBe(statuses[generation][name])
        const told = Object.entries(await response.json())
        const capital = /^(?:BadGateway|DependencyFailed|LoopDetected)/.test(name)
        expect(told).toEqual([[generation === 'v1' && capital ? 'Message' : 'message', 'why']])
      }
    },
  )

  it.each<[string, (api: LexHandler) => Promise<Sent>, number, string]>([
    [
      'a bot that is not there',
      (to) => send(to, v1Path('reader', 'text', 'Nobody'), { inputText: 'x' }),
      404,
      'NotFoundException',
    ],
    [
      'an alias that is not there',
      (to) => send(to, v1Path('reader', 'text', 'PurchaseBook', 'none'), { inputText: 'x' }),
      404,
      'NotFoundException',
    ],
    [
      'a language that is not there',
      (to) => send(to, v2Path('reader', '/text', 'xx_XX'), { text: 'x' }),
      404,
      'ResourceNotFoundException',
    ],
    [
      'no V1 session',
      (to) => send(to, v1Path('reader', 'session'), undefined, { method: 'GET' }),
      404,
      'NotFoundException',
    ],
    [
      'no V1 session to delete',
      (to) => send(to, v1Path('reader', 'session'), undefined, { method: 'DELETE' }),
      404,
      'NotFoundException',
    ],
    [
      'no V2 session',
      (to) => send(to, v2Path('reader'), undefined, { method: 'GET' }),
      404,
      'ResourceNotFoundException',
    ],
    [
      'a stream',
      (to) => send(to, v2Path('reader', '/conversation'), 'x'),
      400,
      'ValidationException',
    ],
    [
      'no such operation',
      (to) => send(to, v2Path('reader', '/sing'), 'x'),
      404,
      'UnknownOperationException',
    ],
  ])('%s', async (_, call, status, type) => {
    expect(await call(api)).toMatchObject({ status, type })
  })
})
