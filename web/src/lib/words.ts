import type { TFunction } from 'i18next'
import { Problem } from './problem'

/** A refusal's code in the reader's words. */
export const wordOf = (code: string | undefined, t: TFunction): string => t(`problem.${code}`, { defaultValue: t('problem.other', { code }) })

/** Why something failed, in the reader's words. */
export const reasonOf = (why: unknown, t: TFunction): string => wordOf(why instanceof Problem ? why.code : 'internal', t)
