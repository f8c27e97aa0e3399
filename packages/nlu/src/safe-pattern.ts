/**
 * Users' regular expressions in bounded time. The expression is compiled to a Thompson automaton and run as Pike does, all
 * alternatives side by side: the work is at most (size of the automaton) × (length of the text), so no expression backtracks.
 * Understood: literals, ., classes, \d \w \s \b \B \p{…}, ^ $, groups (capturing or not), |, * + ? {m,n} and their lazy forms. Back
 * references and look-around, which need backtracking, are refused. Matching ignores case.
 * Source: R. Cox, Regular Expression Matching Can Be Simple And Fast (2007).
 */
import { NluError } from './nlu-error.ts'

export interface SafePattern {
  readonly source: string
  /** Every match, leftmost first, as JavaScript's greedy and lazy quantifiers prefer; none empty, none overlapping. */
  find(text: string): { start: number; end: number }[]
}

type Instruction =
  | { readonly op: 'char'; readonly test: (character: string) => boolean }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly test: (text: string, at: number) => boolean }
  | { readonly op: 'match' }

/** Instructions of one expression, at most: `{m,n}` is written out. */
const maxInstructions = 2000
/** Matches of one expression in one text, at most: bounds the reading ahead after each. */
const maxMatches = 256

/** @throws {NluError} bad_pattern, saying which part is not accepted */
export function compilePattern(source: string): SafePattern {
  const problem = nativeProblem(source)
  if (problem) throw new NluError('bad_pattern', `expression ${source}: ${problem}`)
  const program = new Parser(source).program()
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

class Parser {
  readonly #source: string
  #at = 0
  #code: Instruction[] = []

  constructor(source: string) {
    this.#source = source
  }

  program(): Instruction[] {
    this.#alternatives()
    if (this.#at < this.#source.length) this.#refuse(`unexpected "${this.#source[this.#at]}"`)
    this.#emit({ op: 'match' })
    return this.#code
  }

  #alternatives(): void {
    const start = this.#code.length
    this.#sequence()
    const ends: { op: 'jump'; to: number }[] = []
    while (this.#source[this.#at] === '|') {
      this.#at++
      this.#insert(start, { op: 'split', first: start + 1, second: this.#code.length + 2 })
      // Jumps of earlier alternatives are objects in the code; shifting moved their targets already.
      const jump = { op: 'jump' as const, to: 0 }
      ends.push(jump)
      this.#emit(jump)
      this.#sequence()
    }
    for (const jump of ends) jump.to = this.#code.length
  }

  #sequence(): void {
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string))
      this.#quantified()
  }

  #quantified(): void {
    const start = this.#code.length
    this.#atom()
    const [least, most] = this.#quantifier()
    if (least === 1 && most === 1) return
    const lazy = this.#source[this.#at] === '?'
    if (lazy) this.#at++
    const atom = this.#code.splice(start)
    for (let i = 0; i < least; i++) this.#copy(atom, start)
    if (most === Infinity) {
      const split = this.#split()
      this.#copy(atom, start)
      this.#emit({ op: 'jump', to: this.#code.indexOf(split) })
      this.#branch(split, lazy)
      return
    }
    const splits: Extract<Instruction, { op: 'split' }>[] = []
    for (let i = least; i < most; i++) {
      splits.push(this.#split())
      this.#copy(atom, start)
    }
    for (const split of splits) this.#branch(split, lazy)
  }

  #split(): Extract<Instruction, { op: 'split' }> {
    const split = { op: 'split' as const, first: 0, second: 0 }
    this.#emit(split)
    return split
  }

  /** Of a split just before a repeated part: into it, or past all that has been written. */
  #branch(split: Extract<Instruction, { op: 'split' }>, lazy: boolean): void {
    const into = this.#code.indexOf(split) + 1
    const past = this.#code.length
    split.first = lazy ? past : into
    split.second = lazy ? into : past
  }

  #quantifier(): [number, number] {
    const rest = this.#source.slice(this.#at)
    const [whole, braces] = /^(?:[*+?]|\{(\d+(?:,\d*)?)\})/.exec(rest) ?? []
    if (whole === undefined) return [1, 1]
    this.#at += whole.length
    if (whole === '*') return [0, Infinity]
    if (whole === '+') return [1, Infinity]
    if (whole === '?') return [0, 1]
    const [least = '0', most] = (braces as string).split(',')
    const range: [number, number] = [
      Number(least),
      most === undefined ? Number(least) : most === '' ? Infinity : Number(most),
    ]
    if (range[0] > maxInstructions || (range[1] !== Infinity && range[1] > maxInstructions))
      this.#refuse(`${whole} repeats too often`)
    return range
  }

  #atom(): void {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) as number)
    if (character === '(') {
      this.#group()
      return
    }
    if (character === '[') {
      this.#class()
      return
    }
    this.#at += character.length
    if (character === '\\') this.#escape()
    else if (character === '.') this.#emit({ op: 'char', test: (c) => c !== '\n' })
    else if (character === '^') this.#emit({ op: 'assert', test: (_, at) => at === 0 })
    else if (character === '$') this.#emit({ op: 'assert', test: (text, at) => at === text.length })
    else if ('*+?'.includes(character)) this.#refuse(`nothing to repeat before ${character}`)
    else {
      const lower = character.toLowerCase()
      this.#emit({ op: 'char', test: (c) => c.toLowerCase() === lower })
    }
  }

  #group(): void {
    const [open = '('] =
      /^\((?:\?(?::|<[A-Za-z_$][\w$]*>|[=!]|<[=!]))?/.exec(this.#source.slice(this.#at)) ?? []
    if (/^\(\?<?[=!]$/.test(open))
      this.#refuse('look-around needs backtracking; rewrite it without')
    this.#at += open.length
    this.#alternatives()
    this.#at++
  }

  #class(): void {
    const [whole] = /^\[(?:\\.|[^\]\\])*\]/s.exec(this.#source.slice(this.#at)) ?? []
    if (whole === undefined) this.#refuse('a class is not closed')
    this.#at += whole.length
    this.#charTest(whole)
  }

  #escape(): void {
    const rest = this.#source.slice(this.#at)
    const [name = ''] =
      /^(?:[pP]\{[^}]*\}|u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|.)/isu.exec(rest) ?? []
    this.#at += name.length
    if (/^[1-9k]/.test(name)) this.#refuse('back references need backtracking; rewrite it without')
    if (name === 'b' || name === 'B') {
      const wanted = name === 'b'
      this.#emit({
        op: 'assert',
        test: (text, at) => (isWord(text, at - 1) !== isWord(text, at)) === wanted,
      })
    } else this.#charTest(`\\${name}`)
  }

  #charTest(source: string): void {
    let test: RegExp
    try {
      test = new RegExp(`^${source}$`, 'iu')
    } catch {
      test = new RegExp(`^${source}$`, 'i')
    }
    const known = new Map<string, boolean>()
    this.#emit({
      op: 'char',
      test: (character) => {
        let answer = known.get(character)
        if (answer === undefined) {
          answer = test.test(character)
          if (known.size < 4096) known.set(character, answer)
        }
        return answer
      },
    })
  }

  #emit(instruction: Instruction): void {
    if (this.#code.length >= maxInstructions)
      this.#refuse('it is too large; use smaller repetitions')
    this.#code.push(instruction)
  }

  #insert(at: number, instruction: Instruction): void {
    shift(this.#code, at, 1)
    this.#code.splice(at, 0, instruction)
  }

  /** Appends a part that was compiled at `from`. */
  #copy(part: readonly Instruction[], from: number): void {
    const by = this.#code.length - from
    for (const instruction of part) {
      const copy = { ...instruction }
      if (copy.op === 'split') {
        copy.first += by
        copy.second += by
      } else if (copy.op === 'jump') copy.to += by
      this.#emit(copy)
    }
  }

  #refuse(why: string): never {
    throw new NluError('bad_pattern', `expression ${this.#source}: ${why}`)
  }
}

function shift(code: readonly Instruction[], from: number, by: number): void {
  for (const instruction of code.slice(from)) {
    if (instruction.op === 'split') {
      instruction.first += instruction.first >= from ? by : 0
      instruction.second += instruction.second >= from ? by : 0
    } else if (instruction.op === 'jump') instruction.to += instruction.to >= from ? by : 0
  }
}

function isWord(text: string, at: number): boolean {
  const character = text[at]
  return character !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(character)
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
