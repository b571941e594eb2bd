import { createContext, useContext } from 'react'
import type { Api } from './api'

export type Rest = Api['rest']

export const RestContext = createContext<Rest | null>(null)

/** The hub's operations by their paths, for pages that show and change what stands in its tables. */
export function useRest(): Rest {
  const rest = useContext(RestContext)
  if (!rest) throw new Error('no hub around this component')
  return rest
}
