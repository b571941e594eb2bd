import type { Me } from '../../wire'

/** Hub roles, the least first. */
export const ROLES: ReadonlyArray<Me['role']> = ['viewer', 'responder', 'lead', 'admin']
