/**
 * Users' regular expressions in bounded time. The expression is compiled to a Thompson automaton and run as Pike does, all
 * alternatives side by side: the work is at most (size of the automaton) × (length of the text), so no expression backtracks.
 * Understood: literals, ., classes, \d \w \s \b \B \p{…}, ^ $, groups (capturing or not), |, * + ? {m,n} and their lazy forms. Back
 * references and look-around, which need backtracking, are refused. Matching ignores case.
 * Source: R. Cox, Regular Expression Matching Can Be Simple And Fast (2007).
 */
import { NluError } from './nlu-error.ts'
import { type Instruction, parsePattern } from './pattern-program.ts'

export interface SafePattern {
  readonly source: string
  /** Every match, leftmost first, as JavaScript's greedy and lazy quantifiers prefer; none empty, none overlapping. */
  find(text: string): { start: number; end: number }[]
}

/** Matches of one expression in one text, at most: bounds the reading ahead after each. */
const maxMatches = 256

/** @throws {NluError} bad_pattern, saying which part is not accepted */
export function compilePattern(source: string): SafePattern {
  const problem = nativeProblem(source)
  if (problem) throw new NluError('bad_pattern', `expression ${source}: ${problem}`)
  const program = parsePattern(source)
  return { source, find: (text) => findAll(program, text) }
}

/** Why an expression is not accepted; undefined when it is. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source)
    return undefined
  } catch (error) {
    if (error instanceof NluError) return error.message
    throw error
  }
}

function nativeProblem(source: string): string | undefined {
  try {
    new RegExp(source, 'iu')
    return undefined
  } catch (error) {
    try {
      new RegExp(source, 'i')
      return undefined
    } catch {
      return error instanceof Error ? error.message : String(error)
    }
  }
}

/** A thread of the automaton: where it stands in the program and where its match began. Earlier threads are preferred. */
function findAll(program: readonly Instruction[], text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  const marked = new Int32Array(program.length).fill(-1)
  let threads: { pc: number; start: number }[] = []
  let best: { start: number; end: number } | undefined
  let after = 0

  const follow = (
    list: { pc: number; start: number }[],
    pc: number,
    start: number,
    at: number,
  ): void => {
    const stack = [pc]
    while (stack.length > 0) {
      const next = stack.pop() as number
      if (marked[next] === at) continue
      marked[next] = at
      const instruction = program[next] as Instruction
      if (instruction.op === 'jump') stack.push(instruction.to)
      else if (instruction.op === 'split') stack.push(instruction.second, instruction.first)
      else if (instruction.op === 'assert') {
        if (instruction.test(text, at)) stack.push(next + 1)
      } else list.push({ pc: next, start })
    }
  }

  for (let at = 0; ; ) {
    // Threads were followed to here by the step before; a new one may begin where no match is under way.
    if (!best && at >= after) follow(threads, 0, at, at)
    const point = text.codePointAt(at)
    const character = point === undefined ? '' : String.fromCodePoint(point)
    const to = at + Math.max(1, character.length)
    const stepped: { pc: number; start: number }[] = []
    for (const { pc, start } of threads) {
      const instruction = program[pc] as Instruction
      if (instruction.op === 'match') {
        if (at > start) {
          best = { start, end: at }
          break
        }
      } else if (instruction.op === 'char' && point !== undefined && instruction.test(character)) {
        follow(stepped, pc + 1, start, to)
      }
    }
    threads = best ? stepped.filter(({ start }) => start === best?.start) : stepped
    if (threads.length === 0 && best) {
      found.push(best)
      if (found.length === maxMatches) break
      const { end } = best
      after = end
      best = undefined
      // Resume where the match ended; the automaton may have read further looking for a longer one.
      if (end < text.length) {
        marked.fill(-1)
        at = end
        continue
      }
    }
    if (point === undefined) break
    at = to
  }
  return found
}
