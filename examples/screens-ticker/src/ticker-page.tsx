/** @jsxImportSource @typestead/screens */
/** A thousand live cells: a tick writes one text node, whatever stands around it. */
import { PageController, page, route } from '@typestead/screens'
import { TickerManager } from './ticker-manager.ts'

class TickerPageController extends PageController {
  readonly ticker: TickerManager

  constructor(ticker: TickerManager) {
    super()
    this.ticker = ticker
  }
}

export const tickerPage = page({
  route: route('/'),
  title: 'A thousand live cells',
  controller: TickerPageController,
  bindings: (scope) =>
    scope.lazyPut(TickerPageController, (s) => new TickerPageController(s.find(TickerManager))),
  view: ({ c: { ticker } }) => (
    <main>
      <h1>A thousand live cells</h1>
      <div class="controls">
        <label for="rate">Ticks a second</label>
        <input
          id="rate"
          type="range"
          min={0}
          max={50_000}
          step={500}
          value={() => String(ticker.perSecond.value)}
          onInput={(event) => ticker.setRate(Number(event.currentTarget.value))}
        />
        <output for="rate">{ticker.perSecond}</output>
        <span>
          received: <span class="received">{ticker.received}</span>
        </span>
      </div>
      <ol class="prices">
        {ticker.prices.map((price, symbol) => (
          <li>
            <span>{`S${symbol}`}</span>
            <span class="price">{() => (price.value / 100).toFixed(2)}</span>
          </li>
        ))}
      </ol>
    </main>
  ),
})
