/** A random scene as the body of a Go function that returns what it prints. */
import { type PlacedStage, type Scene, step } from './random-scenes.ts'

export const scenesPrelude = `package scenes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var _ = errors.New
var _ = context.Background
var _ sync.Mutex
var _ = time.Now

func try(f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint(r)
		}
	}()
	f()
	return "fine"
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

type log struct {
	lines []string
	start time.Time
	mu    sync.Mutex
}

func newLog() *log { return &log{start: time.Now()} }
func (l *log) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprint(text, "@", time.Since(l.start).Milliseconds()))
}
func (l *log) text() string { return strings.Join(l.lines, " ") }

func tree(depth, width, panics int) (sum int) {
	defer func() {
		if r := recover(); r != nil {
			sum += r.(int)
		}
	}()
	if depth == 0 {
		return 1
	}
	results := make(chan int)
	for i := 0; i < width; i++ {
		go func() { results <- tree(depth-1, width, panics) }()
	}
	for i := 0; i < width; i++ {
		sum += <-results
	}
	if sum%panics == 0 {
		panic(1000 * depth)
	}
	return sum
}

`

export function sceneInGo(scene: Scene): string {
  switch (scene.is) {
    case 'pipeline':
      return pipeline(scene.values, scene.stages)
    case 'closing':
      return closing(scene)
    case 'locks':
      return `	var mu sync.Mutex; var rw sync.RWMutex; var wg sync.WaitGroup
	count, seen, wrong := 0, 0, 0
	yield := make(chan int, 1)
	for g := 0; g < ${scene.goroutines}; g++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < ${scene.turns}; i++ {
				mu.Lock(); before := count; yield <- i; <-yield; count = before + 1; mu.Unlock()
				rw.Lock(); seen++; yield2 := seen; if yield2 != seen { wrong++ }; rw.Unlock()
			}
		}()
	}
	for g := 0; g < ${scene.readers}; g++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < ${scene.turns}; i++ { rw.RLock(); _ = seen; rw.RUnlock() }
		}()
	}
	wg.Wait()
	return fmt.Sprint(count, " ", seen, " ", wrong, " ", mu.TryLock(), " ", mu.TryLock())`
    case 'group':
      return `	var out []string
	count := 0
	var wg sync.WaitGroup
	for _, delta := range []int{${scene.deltas}} {
		text := try(func() { wg.Add(delta) })
		out = append(out, text)
		if text != "fine" { wg = sync.WaitGroup{}; count = 0 } else { count += delta }
	}
	for ; count > 0; count-- { wg.Done() }
	wg.Wait()
	var once sync.Once
	runs, panics := 0, 0
	var mu sync.Mutex
	for i := 0; i < ${scene.callers}; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			text := try(func() { once.Do(func() { runs++; ${scene.fails ? 'panic("once")' : ''} }) })
			mu.Lock(); if text != "fine" { panics++ }; mu.Unlock()
		}()
	}
	wg.Wait()
	return fmt.Sprint(strings.Join(out, ","), " ", runs, " ", panics)`
    case 'tree':
      return `	return fmt.Sprint(tree(${scene.depth}, ${scene.width}, ${scene.panics}))`
    case 'timers':
      return timers(scene)
    case 'ticker':
      return `	l := newLog()
	ticker := time.NewTicker(ms(${scene.period})); defer ticker.Stop()
	time.Sleep(ms(3))
	for _, rounds := range []int{${scene.sleeps}} {
		time.Sleep(ms(rounds * 10))
		for more := true; more; {
			select { case <-ticker.C: l.add("tick"); default: more = false; l.add("none") }
		}
	}
	return l.text()`
    case 'contexts':
      return contexts(scene)
  }
}

function pipeline(values: number, stages: readonly PlacedStage[]): string {
  const lines = [
    `	c0 := make(chan int)
	go func() { defer close(c0); for i := 0; i < ${values}; i++ { c0 <- i } }()`,
  ]
  for (const [at, { kind, k, capacity }] of stages.entries()) {
    const [from, to] = [`c${at}`, `c${at + 1}`]
    const body = {
      add: `for v := range ${from} { ${to} <- v + ${k} }`,
      drop: `for v := range ${from} { if v%${k} != 0 { ${to} <- v } }`,
      take: `i := 0; for v := range ${from} { if i < ${k * 3} { ${to} <- v }; i++ }`,
      pairs: `for { a, ok := <-${from}; if !ok { return }; b, ok := <-${from}; if !ok { ${to} <- -a; return }; ${to} <- a*${k} + b }`,
      twice: `for v := range ${from} { ${to} <- v; ${to} <- v*${k} }`,
      branches: `
		ins, outs := make([]chan int, ${k}), make([]chan int, ${k})
		for i := range ins {
			ins[i], outs[i] = make(chan int), make(chan int, ${capacity})
			go func() { defer close(outs[i]); for v := range ins[i] { outs[i] <- v + i } }()
		}
		go func() { i := 0; for v := range ${from} { ins[i%${k}] <- v; i++ }; for _, c := range ins { close(c) } }()
		for i := 0; ; i++ { v, ok := <-outs[i%${k}]; if !ok { return }; ${to} <- v }`,
    }[kind]
    lines.push(
      `	${to} := make(chan int, ${capacity})\n	go func() { defer close(${to}); ${body} }()`,
    )
  }
  lines.push(
    `	var out []string\n	for v := range c${stages.length} { out = append(out, fmt.Sprint(v)) }\n	return strings.Join(out, " ")`,
  )
  return lines.join('\n')
}

/** Everybody waits before the channel is closed; `selects` waits in a select beside a nil channel. */
function closing(scene: Scene & { is: 'closing' }): string {
  const { capacity, senders, receivers, closers, selects } = scene
  const send = selects ? 'select { case c <- 1: case never <- 1: }' : 'c <- 1'
  const receive = selects ? 'select { case _, ok = <-c: case <-never: }' : '_, ok = <-c'
  const [parties, body] =
    senders >= receivers
      ? [senders, `text = try(func() { ${send} })`]
      : [receivers, `ok := true; text = try(func() { ${receive} }); if !ok { text += " closed" }`]
  return `	c := make(chan int, ${capacity})
	var never chan int
	_ = never
	counts := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := 0; i < ${parties}; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var text string
			${body}
			mu.Lock(); counts[text]++; mu.Unlock()
		}()
	}
	synctest.Wait()
	for i := 0; i < ${closers}; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			text := try(func() { close(c) })
			mu.Lock(); counts[text + " close"]++; mu.Unlock()
		}()
	}
	wg.Wait()
	return fmt.Sprint(counts, " ", len(c))`
}

function timers({ steps }: Scene & { is: 'timers' }): string {
  const lines = ['	l := newLog()', '	var timers [6]*time.Timer', '	_ = timers']
  const started = new Set<number>()
  for (const { op, on, rounds } of steps) {
    const due = rounds * step + on + 1
    if (op === 'sleep') lines.push(`	time.Sleep(ms(${step * (rounds + 1)}))`)
    else if (op === 'start') {
      if (started.has(on)) continue
      started.add(on)
      // Odd ones tell a channel, which a goroutine reads.
      lines.push(
        on % 2 === 0
          ? `	timers[${on}] = time.AfterFunc(ms(${due}), func() { l.add("fired${on}") })`
          : `	timers[${on}] = time.NewTimer(ms(${due})); l.add("made${on}")`,
      )
    } else if (started.has(on)) {
      const call = op === 'stop' ? 'Stop()' : `Reset(ms(${due}))`
      lines.push(`	l.add(fmt.Sprint("${op}${on} ", timers[${on}].${call}))`)
      if (on % 2 === 1) lines.push(`	select { case <-timers[${on}].C: l.add("stale"); default: }`)
    }
  }
  lines.push('	time.Sleep(ms(1000))')
  for (const on of started)
    if (on % 2 === 1)
      lines.push(
        `	select { case <-timers[${on}].C: l.add("got${on}"); default: l.add("nothing${on}") }`,
      )
  lines.push('	return l.text()')
  return lines.join('\n')
}

function contexts({ nodes, cancels }: Scene & { is: 'contexts' }): string {
  const lines = [
    `	l := newLog()
	all := []context.Context{context.Background()}
	cancels := []func(){func() {}}
	type key int
	tell := func(at int) { for i, c := range all { l.add(fmt.Sprint(at, ".", i, " ", c.Err(), " ", context.Cause(c), " ", c.Value(key(1)))) } }`,
  ]
  for (const [at, { kind, parent, rounds }] of nodes.entries()) {
    const from = `all[${parent % (at + 1)}]`
    const make = {
      cancel: `c, cancel := context.WithCancel(${from}); f := func() { cancel() }`,
      cause: `c, cancel := context.WithCancelCause(${from}); f := func() { cancel(errors.New("cause${at}")) }`,
      timeout: `c, cancel := context.WithTimeout(${from}, ms(${rounds * step + at + 1})); f := func() { cancel() }`,
      value: `c := context.WithValue(${from}, key(1), ${at}); f := func() {}`,
      without: `c := context.WithoutCancel(${from}); f := func() {}`,
    }[kind]
    lines.push(
      `	{ ${make}; all = append(all, c); cancels = append(cancels, f); context.AfterFunc(c, func() { l.mu.Lock(); after[${at}] = true; l.mu.Unlock() }) }`,
    )
  }
  lines.splice(1, 0, `	after := [${nodes.length}]bool{}`)
  for (const [at, on] of cancels.entries()) {
    lines.push(
      `	cancels[${on % (nodes.length + 1)}](); synctest.Wait(); tell(${at}); time.Sleep(ms(${step}))`,
    )
  }
  lines.push('	synctest.Wait(); tell(99)')
  lines.push('	for i := range cancels { cancels[i]() }; time.Sleep(ms(1000))')
  lines.push('	return l.text() + fmt.Sprint(" ", after)')
  return lines.join('\n')
}
