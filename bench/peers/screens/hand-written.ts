/** The DOM by hand: a cloned template, references kept in an array, one listener for all rows. */
import { cellCount, makeRows, start } from './rows.ts'

interface Row {
  readonly id: number
  readonly element: HTMLTableRowElement
  readonly label: Text
}

start((table, grid) => {
  const template = document.createElement('template')
  template.innerHTML =
    '<tr><td class="id"> </td><td><button type="button"> </button></td><td><button type="button">x</button></td></tr>'
  const host = table.appendChild(document.createElement('table'))
  const body = host.appendChild(document.createElement('tbody'))
  let rows: Row[] = []
  let selected: Row | undefined
  const add = (count: number) => {
    const content = document.createDocumentFragment()
    for (const { id, label } of makeRows(count)) {
      const element = template.content.firstElementChild?.cloneNode(true) as HTMLTableRowElement
      const number = element.firstChild?.firstChild as Text
      const text = element.children[1]?.firstChild?.firstChild as Text
      number.data = String(id)
      text.data = label
      rows.push({ id, element, label: text })
      content.appendChild(element)
    }
    body.appendChild(content)
  }
  const select = (row: Row) => {
    if (selected !== undefined) selected.element.className = ''
    selected = row
    row.element.className = 'selected'
  }
  const remove = (at: number) => {
    rows[at]?.element.remove()
    rows.splice(at, 1)
  }
  body.addEventListener('click', (event) => {
    const target = event.target as Element
    const at = rows.findIndex(({ element }) => element.contains(target))
    if (target.closest('td:last-child')) remove(at)
    else if (rows[at] !== undefined) select(rows[at] as Row)
  })
  const list = grid.appendChild(document.createElement('ul'))
  const cells = Array.from({ length: cellCount }, () => {
    const text = document.createTextNode('0')
    list.appendChild(document.createElement('li')).appendChild(text)
    return text
  })
  return {
    create(count) {
      this.clear()
      add(count)
    },
    append: add,
    updateTenth() {
      for (let at = 0; at < rows.length; at += 10) (rows[at] as Row).label.data += ' !!!'
    },
    select: (at) => select(rows[at] as Row),
    swap() {
      const last = rows.length - 2
      const [a, b] = [rows[1] as Row, rows[last] as Row]
      const next = b.element.nextSibling
      body.insertBefore(b.element, a.element)
      body.insertBefore(a.element, next)
      rows[1] = b
      rows[last] = a
    },
    remove,
    reverse() {
      rows.reverse()
      for (let at = rows.length - 2; at >= 0; at--) {
        body.insertBefore((rows[at] as Row).element, (rows[at + 1] as Row).element)
      }
    },
    clear() {
      rows = []
      selected = undefined
      body.textContent = ''
    },
    tick(cell, value) {
      ;(cells[cell] as Text).data = String(value)
    },
    tickAll(value) {
      for (const cell of cells) cell.data = String(value)
    },
  }
})
