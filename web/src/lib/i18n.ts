import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './locales/en'
import { keep } from './keep'
import { zh } from './locales/zh-TW'

export type Language = 'zh-TW' | 'en'


/** What the person chose on this device, else zh-TW. */
export function storedLanguage(): Language {
  return keep.get('language') === 'en' ? 'en' : 'zh-TW'
}

export function startWords(language: Language): i18n {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-TW',
    resources: { 'zh-TW': { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  })
  document.documentElement.lang = htmlLang(language)
  return i18next
}

export function changeLanguage(language: Language): void {
  keep.set('language', language)
  document.documentElement.lang = htmlLang(language)
  void i18next.changeLanguage(language)
}

const htmlLang = (language: Language) => (language === 'en' ? 'en' : 'zh-Hant-TW')
