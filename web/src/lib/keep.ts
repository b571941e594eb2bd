/** Small things kept on this device. A browser without storage forgets them; nothing breaks. */
export const keep = {
  get(key: string): string {
    try {
      return localStorage.getItem(`andon.${key}`) ?? ''
    } catch {
      return ''
    }
  },
  set(key: string, value: string): void {
    try {
      if (value === '') localStorage.removeItem(`andon.${key}`)
      else localStorage.setItem(`andon.${key}`, value)
    } catch {
      // Private windows and full disks refuse; the value then lives until the page is left.
    }
  },
}
