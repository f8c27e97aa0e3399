import { describe, expect, test } from 'vitest'
import { memoryHistory } from './history.ts'
import { LifeCycle } from './lifecycle.ts'
import { lazyPage, type Page, page } from './page.ts'
import { q } from './query.ts'
import { graphStats } from './reactive-graph.ts'
import { route } from './route-pattern.ts'
import { createRouter, type PageHost } from './router.ts'
import { Scope } from './scope.ts'

/** Shows pages as text. */
class TextHost implements PageHost<string> {
  readonly shown: string[] = []
  retry: (() => Promise<unknown>) | undefined
  show({ definition, props }: Parameters<PageHost<string>['show']>[0]): void {
    this.shown.push(definition.view(props))
  }
  showFailure({ error, retry }: Parameters<PageHost<string>['showFailure']>[0]): void {
    this.retry = retry
    this.shown.push(`failure: ${error instanceof Error ? error.message : error}`)
  }
}

function started(...pages: readonly Page<string>[]) {
  const scope = new Scope('the app')
  const host = new TextHost()
  const history = memoryHistory('/')
  return { scope, host, history, router: createRouter({ scope, host, history, pages }) }
}

const home = page({ route: route('/'), title: 'Home', view: () => 'home' })

describe('the router', () => {
  test('opens, goes back, and finds no page for other addresses', async () => {
    const book = page({
      route: route('/books/:id<int>'),
      title: 'Book',
      view: ({ params }) => `book ${params.id}`,
    })
    const { router, host, history } = started(book, home)
    await router.start()
    expect(await router.navigate('/books/7')).toBe('shown')
    history.back()
    await expect.poll(() => host.shown.length).toBe(3)
    expect(await router.navigate('/nowhere')).toBe('failed')
    expect(host.shown).toEqual([
      'home',
      'book 7',
      'home',
      'failure: no page has the address /nowhere',
    ])
    expect(history.address.pathname).toBe('/nowhere')
  })

  test('what a route says more exactly is tried first; equal routes are an error', async () => {
    const any = page({ route: route('/:name'), title: '', view: () => 'any' })
    const number = page({ route: route('/:n<int>'), title: '', view: () => 'number' })
    const fixed = page({ route: route('/new'), title: '', view: () => 'fixed' })
    const { router, host } = started(any, number, fixed, home)
    for (const path of ['/new', '/5', '/x']) await router.navigate(path)
    expect(host.shown).toEqual(['fixed', 'number', 'any'])
    expect(() =>
      started(any, page({ route: route('/:other'), title: '', view: () => '' })),
    ).toThrow(expect.objectContaining({ code: 'DUPLICATE_ROUTE' }))
  })

  test('the newest navigation wins; what an older one opened is closed unseen', async () => {
    const closed: string[] = []
    const open: (() => void)[] = []
    class Slow extends LifeCycle {
      protected override onInit(): Promise<void> {
        return new Promise((resolve) => open.push(resolve))
      }
      protected override onClose(): void {
        closed.push('slow')
      }
    }
    const slow = page({
      route: route('/slow'),
      title: '',
      controller: Slow,
      bindings: (scope) => scope.lazyPut(Slow, () => new Slow()),
      view: () => 'slow',
    })
    const { router, host } = started(slow, home)
    const older = router.navigate('/slow')
    expect(router.opening.value).toBe(true)
    expect(await router.navigate('/')).toBe('shown')
    open[0]?.()
    expect(await older).toBe('superseded')
    expect(host.shown).toEqual(['home'])
    expect(closed).toEqual(['slow'])
    expect(router.opening.value).toBe(false)
  })

  test('another query keeps the page open and changes its query in place', async () => {
    let views = 0
    let props: { setQuery(changes: { page?: number | undefined }): Promise<unknown> } | undefined
    const list = page({
      route: route('/list', { query: { page: q.int().default(1) } }),
      title: '',
      view: (given) => {
        views++
        props = given
        return `page ${given.query.value.page}`
      },
    })
    const { router, history, host } = started(list, home)
    await router.navigate('/list?page=2')
    await props?.setQuery({ page: 3 })
    expect(history.address.search).toBe('?page=3')
    await props?.setQuery({ page: 1 })
    expect(history.address.search).toBe('')
    expect(views).toBe(1)
    expect(host.shown).toEqual(['page 2'])
  })

  test('a page that throws shows its failure, and is tried again', async () => {
    let broken = true
    const fragile = page({
      route: route('/fragile'),
      title: '',
      view: () => {
        if (broken) throw new Error('broken view')
        return 'fine'
      },
    })
    const { router, host } = started(fragile, home)
    expect(await router.navigate('/fragile')).toBe('failed')
    broken = false
    await host.retry?.()
    expect(host.shown).toEqual(['failure: broken view', 'fine'])
  })

  test('redirects are followed, circles are an error, lazy pages are loaded once they open', async () => {
    let loads = 0
    const gate = page({
      route: route('/gate'),
      title: '',
      redirect: () => '/sign-in',
      view: () => '',
    })
    const circle = page({
      route: route('/circle'),
      title: '',
      redirect: () => '/circle',
      view: () => '',
    })
    const signIn = lazyPage(route('/sign-in'), async () => {
      loads++
      return page({ route: route('/sign-in'), title: '', view: () => 'sign in' })
    })
    const { router, host, history } = started(gate, circle, signIn, home)
    await router.navigate('/gate')
    await router.navigate('/')
    await router.navigate('/sign-in')
    expect(loads).toBe(1)
    expect(host.shown).toEqual(['sign in', 'home', 'sign in'])
    await router.navigate('/circle')
    expect(host.shown.at(-1)).toMatch(/redirects in a circle/)
    expect(history.address.pathname).toBe('/circle')
  })

  test('ten thousand openings leave nothing alive', async () => {
    let alive = 0
    class Controller extends LifeCycle {
      constructor() {
        super()
        alive++
      }
      protected override onClose(): void {
        alive--
      }
    }
    const of = (path: '/a' | '/b') =>
      page({
        route: route(path),
        title: '',
        controller: Controller,
        bindings: (scope) => scope.lazyPut(Controller, () => new Controller()),
        view: () => path,
      })
    const { router, scope } = started(of('/a'), of('/b'), home)
    await router.start()
    const before = { ...graphStats }
    for (let opening = 0; opening < 10_000; opening++) {
      await router.navigate(opening % 2 === 0 ? '/a' : '/b')
    }
    await router.navigate('/')
    expect(alive).toBe(0)
    expect(graphStats.reactions).toBe(before.reactions)
    await scope.close()
    expect(graphStats.subscriptions).toBe(before.subscriptions)
  })
})
