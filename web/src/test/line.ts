import type { ClientFrame, ServerFrame } from '../wire'

/** A hub on the other end of a WebSocket that never leaves this process. */
export class Line extends EventTarget {
  static lines: Line[] = []
  readyState = 1
  said: ClientFrame[] = []
  constructor(readonly url: string) {
    super()
    Line.lines.push(this)
  }
  send(text: string) {
    this.said.push(JSON.parse(text) as ClientFrame)
  }
  close() {
    this.readyState = 3
  }
  hear(frame: ServerFrame) {
    if (this.readyState === 1) this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }))
  }
  drop(code: number) {
    this.readyState = 3
    this.dispatchEvent(new CloseEvent('close', { code }))
  }
}
