/** The reactive graph as a program without pages uses it, for budgets.test.ts. */
import { cell, computed, flush, reaction } from '@typestead/screens'

const a = cell(1)
const b = computed(() => a.value + 1)
reaction(() => {
  document.title = String(b.value)
})
a.set(2)
flush()
