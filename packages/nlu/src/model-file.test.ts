import { expect, test } from 'vitest'
import { decodeModel, encodeModel } from './model-file.ts'

const contents = {
  json: { hello: 'wörld' },
  sections: {
    a: Int8Array.of(-1, 2, 3),
    b: Float32Array.of(1.5, -2),
    c: new Uint32Array(),
    d: Uint16Array.of(7),
  },
}

test('what is written is read again', () => {
  expect(decodeModel(encodeModel(contents), 'm')).toEqual(contents)
})

test('every single changed byte is refused', () => {
  const bytes = encodeModel(contents)
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice()
    damaged[i] = (damaged[i] as number) ^ 1
    expect(() => decodeModel(damaged, 'm'), `byte ${i}`).toThrow(
      expect.objectContaining({ code: 'bad_model' }),
    )
  }
})

test('truncated, foreign and newer files are refused, each with its reason', () => {
  const bytes = encodeModel(contents)
  for (const length of [0, 10, 60, bytes.length - 1]) {
    expect(() => decodeModel(bytes.slice(0, length), 'm')).toThrow(
      expect.objectContaining({ code: 'bad_model' }),
    )
  }
  expect(() => decodeModel(new Uint8Array(100), 'm')).toThrow('is not a Typestead model')
  const newer = bytes.slice()
  newer[8] = 99
  expect(() => decodeModel(newer, 'm')).toThrow('update @typestead/nlu')
})
