/**
 * Which errors each operation may answer with, by AWS's service models (`lex-runtime` 2016-11-28, `lexv2-runtime` 2020-08-07), and
 * their statuses. What fails before any operation (no such path, a signature that does not hold) has the names that every AWS service
 * gives it.
 */
import type { Generation } from './lex-fault.ts'
import type { LexOperation } from './lex-route.ts'

export const statuses: Readonly<Record<Generation, Readonly<Record<string, number>>>> = {
  v1: {
    BadRequestException: 400,
    NotFoundException: 404,
    NotAcceptableException: 406,
    RequestTimeoutException: 408,
    ConflictException: 409,
    UnsupportedMediaTypeException: 415,
    DependencyFailedException: 424,
    LimitExceededException: 429,
    InternalFailureException: 500,
    BadGatewayException: 502,
    LoopDetectedException: 508,
  },
  v2: {
    ValidationException: 400,
    AccessDeniedException: 403,
    ResourceNotFoundException: 404,
    ConflictException: 409,
    DependencyFailedException: 424,
    ThrottlingException: 429,
    InternalServerException: 500,
    BadGatewayException: 502,
  },
}

const v1Read = [
  'NotFoundException',
  'BadRequestException',
  'LimitExceededException',
  'InternalFailureException',
]
const v1Say = [...v1Read, 'ConflictException', 'DependencyFailedException', 'BadGatewayException']
const v2Start = [
  'AccessDeniedException',
  'ValidationException',
  'ThrottlingException',
  'InternalServerException',
]
const v2Read = [...v2Start, 'ResourceNotFoundException']
const v2Say = [...v2Read, 'ConflictException', 'DependencyFailedException', 'BadGatewayException']

type ByOperation = Readonly<Partial<Record<LexOperation, readonly string[]>>>

export const operationErrors: Readonly<Record<Generation, ByOperation>> = {
  v1: {
    GetSession: v1Read,
    DeleteSession: [...v1Read, 'ConflictException'],
    PutSession: [...v1Say, 'NotAcceptableException'],
    PostText: [...v1Say, 'LoopDetectedException'],
    PostContent: [
      ...v1Say,
      'LoopDetectedException',
      'NotAcceptableException',
      'RequestTimeoutException',
      'UnsupportedMediaTypeException',
    ],
  },
  v2: {
    GetSession: v2Read,
    DeleteSession: [...v2Read, 'ConflictException'],
    PutSession: v2Say,
    RecognizeText: v2Say,
    RecognizeUtterance: v2Say,
    StartConversation: v2Start,
  },
}
