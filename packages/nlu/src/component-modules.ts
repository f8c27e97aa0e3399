/** Own component types from the modules that a command line or a worker is told of. */
import type { ComponentType } from './component.ts'
import { NluError } from './nlu-error.ts'

/** The component types that a module exports. */
export async function componentsOf(module: string): Promise<ComponentType[]> {
  const exported: Record<string, unknown> = await import(module)
  const found = Object.values(exported).filter(isComponentType)
  if (found.length === 0)
    throw new NluError('bad_config', `${module} exports no component type ({name, train, load})`)
  return found
}

function isComponentType(value: unknown): value is ComponentType {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'train' in value &&
    'load' in value
  )
}
