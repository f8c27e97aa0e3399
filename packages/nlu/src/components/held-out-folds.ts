/**
 * Which training examples are held out to calibrate: the last of each intent, since neighbours in a file are often variants of each
 * other and would make the model look surer than it is. Many examples: one fold of a tenth; few: five folds, very few: three, that
 * cover all but the first examples. An intent's first example is always learned from.
 */

/** Fewer examples than these are very few. */
const little = 500

/** The folds, each a set of example numbers. */
export function heldOutFolds(labels: Uint16Array, classes: number): Set<number>[] {
  const byClass: number[][] = Array.from({ length: classes }, () => [])
  labels.forEach((label, i) => {
    byClass[label]?.push(i)
  })
  if (labels.length > 2000) {
    return [
      new Set(byClass.flatMap((list) => list.slice(list.length - Math.floor(list.length / 10)))),
    ]
  }
  const folds = Array.from({ length: labels.length < little ? 3 : 5 }, () => new Set<number>())
  for (const list of byClass) {
    if (list.length === 1) continue
    for (const [place, i] of list.entries()) {
      const fold = Math.floor((place * folds.length) / list.length)
      if (list.length > 2 || place > 0) folds[fold]?.add(i)
    }
  }
  return folds.filter((fold) => fold.size > 0)
}
