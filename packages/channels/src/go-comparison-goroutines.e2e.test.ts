/**
 * Random programs of many goroutines, run on Go and here: pipelines in both lanes, goroutines nested in goroutines,
 * panics recovered from closed channels, locks, once, groups; timers and contexts in virtual time (`synctest` there,
 * `ManualClock` here). Each is made so that its output does not depend on the order in which goroutines run.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Scene, scene } from '../test/random/random-scenes.ts'
import { runScene } from '../test/random/scenes-here.ts'
import { sceneInGo, scenesPrelude } from '../test/random/scenes-in-go.ts'
import { hostClock, setClock } from './core.ts'

const goCommand = ['go', '/usr/local/go/bin/go'].find((path) => {
  const { stdout, status } = spawnSync(path, ['version'], { encoding: 'utf8' })
  const [, minor] = /go1\.(\d+)/.exec(stdout ?? '') ?? []
  return status === 0 && Number(minor) >= 25
})

describe.skipIf(goCommand === undefined)('random goroutines (needs go 1.25)', () => {
  afterEach(() => setClock(hostClock))

  it('print here what they print in Go: 150 programs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'go-goroutines-'))
    try {
      const scenes = fc.sample(scene, 150)
      writeFileSync(join(folder, 'go.mod'), 'module scenes\n\ngo 1.25\n')
      writeFileSync(join(folder, 'scenes_test.go'), toGo(scenes))
      const ran = spawnSync(goCommand as string, ['test', '-count=1', '-v', '.'], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(ran.status, ran.stdout + ran.stderr).toBe(0)
      const expected = ran.stdout
        .split('\n')
        .filter((line) => line.startsWith('> '))
        .map((line) => line.slice(2))
      for (const [at, one] of scenes.entries()) {
        expect(await runScene(one), JSON.stringify(one)).toBe(expected[at])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function toGo(scenes: readonly Scene[]): string {
  const bodies = scenes.map((one, at) => `func scene${at}() string {\n${sceneInGo(one)}\n}\n`)
  const calls = scenes.map(
    (_, at) => `\tsynctest.Test(t, func(*testing.T) { fmt.Println("> " + scene${at}()) })`,
  )
  return `${scenesPrelude}${bodies.join('\n')}
func TestScenes(t *testing.T) {
${calls.join('\n')}
}
`
}
