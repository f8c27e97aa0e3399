/** @jsxImportSource @typestead/screens */
/** Goroutines and channels of the process as they move, with a way back through the last steps. */
import { type Cell, cell, computed, ever, page, reaction } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { count, plural } from '../../page-frame/format.ts'
import { List } from '../../page-frame/list.tsx'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import { LiveManager } from '../../server/live-manager.ts'
import { ServerManager } from '../../server/server-manager.ts'
import { ChannelPicture } from './channel-picture.tsx'
import type { Step } from './channel-state.ts'
import { ChannelsManager } from './channels-manager.ts'
import { channelsRoute } from './channels-routes.ts'
import './channels.css'

export const channelsPage = page({
  route: channelsRoute,
  title: 'Channels',
  controller: ChannelsManager,
  bindings: (s) =>
    s.lazyPut(
      ChannelsManager,
      (s) => new ChannelsManager(s.find(ServerManager), s.find(LiveManager)),
    ),
  view: ({ c }) => (
    <PageFrame
      title="Channels"
      fills
      actions={
        <ul class="legend" aria-label="Colours">
          <li class="running">running</li>
          <li class="runnable">runnable</li>
          <li class="waiting">parked</li>
        </ul>
      }
    >
      <Loaded resource={c.watched}>
        {(watched) => (
          <Show
            when={() => watched().status === 'watched'}
            fallback={() => (
              <Empty title="This app does not use channels">
                <code>npm install @typestead/channels</code>, then start goroutines in the app with{' '}
                <code>go(async () =&gt; …)</code>: they show here while they run.
              </Empty>
            )}
          >
            {() => (
              <Show
                when={() => c.world.value.goroutines.size > 0 || c.steps.value.length > 0}
                fallback={() => (
                  <Empty title="No goroutine runs now">
                    Start one in the app with <code>go(async () =&gt; …)</code> and let it send on a{' '}
                    <code>makeChan(…, {'{ name }'})</code>: each step shows here as it happens.
                  </Empty>
                )}
              >
                {() => <Running c={c} />}
              </Show>
            )}
          </Show>
        )}
      </Loaded>
    </PageFrame>
  ),
})

function Running({ c }: { readonly c: ChannelsManager }): Child {
  const active = activeStep(c)
  const place = computed(() => {
    const at = c.at.value
    const steps = c.steps.value
    return at === undefined ? steps.length - 1 : steps.findIndex(({ seq }) => seq === at)
  })
  const newestFirst = computed(() => [...c.steps.value].reverse())
  const first = computed(() => c.steps.value[0]?.at ?? 0)
  return (
    <>
      <div class="scrubber">
        <label>
          Step
          <input
            type="range"
            min="0"
            max={() => Math.max(0, c.steps.value.length - 1)}
            value={() => String(place.value)}
            aria-valuetext={() => {
              const step = c.shown.value
              return step === undefined ? 'none' : inWords(step)
            }}
            onInput={(event) => {
              const at = Number((event.currentTarget as HTMLInputElement).value) // this very input
              const steps = c.steps.peek()
              if (at >= steps.length - 1) c.live()
              else c.at.set(steps[at]?.seq)
            }}
          />
        </label>
        <output class="soft">
          {() => `${count(place.value + 1)} of ${plural(c.steps.value.length, 'step')}`}
        </output>
        <button
          type="button"
          class="quiet"
          aria-pressed={() => c.at.value === undefined}
          onClick={c.live}
        >
          Live
        </button>
        <span class="soft" hidden={() => c.missed.value === 0}>
          {() => `${count(c.missed.value)} steps came too fast to be told`}
        </span>
      </div>
      <div class="split channels">
        <div class="split-list">
          <ChannelPicture world={c.world} step={c.shown} />
        </div>
        <section class="split-detail steps" aria-label="Steps">
          <List
            each={newestFirst}
            key={({ seq }) => seq}
            rowHeight={28}
            label="Steps, newest first"
            active={active}
            class="fill"
            empty={() => (
              <Empty title="No step since this page was opened">They come as goroutines run.</Empty>
            )}
          >
            {(step) => (
              <>
                <span class="log-time">
                  {() => `+${((step.value.at - first.value) / 1000).toFixed(3)}`}
                </span>
                <span class="log-text">{() => inWords(step.value)}</span>
              </>
            )}
          </List>
        </section>
      </div>
    </>
  )
}

/** The active row is the step that is shown, when one looks back. */
function activeStep(c: ChannelsManager): Cell<number | undefined> {
  const active = cell<number | undefined>(undefined)
  reaction(() => active.set(c.at.value))
  ever(active, (seq) => {
    if (seq !== undefined) c.at.set(seq)
  })
  return active
}

function inWords({ kind, g, by, reason, channel, value }: Step): string {
  const who = g === null ? 'somebody' : `g${g}`
  const what = value === '' ? 'a value' : value
  switch (kind) {
    case 'create':
      return `${who} is created${by === null ? '' : ` by g${by}`}`
    case 'run':
      return `${who} runs`
    case 'park':
      return `${who} parks: ${reason}${channel === '' ? '' : ` ${channel}`}`
    case 'ready':
      return `${who} is made ready${by === null ? '' : ` by g${by}`}`
    case 'hand-off':
      return `${who} hands ${what} over on ${channel}`
    case 'buffer':
      return `${who} puts ${what} into ${channel}`
    case 'take':
      return `${who} takes ${what} out of ${channel}`
    case 'close':
      return `${who} closes ${channel}`
    case 'end':
      return `${who} ends`
  }
}
