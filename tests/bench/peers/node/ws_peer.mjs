// Node.js with the `ws` package: decode, number, encode once, send to all. Usage: ws_peer.mjs PORT
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  perMessageDeflate: false,
  backlog: 4096,
})
let seq = 0

server.on('connection', (socket) => {
  socket.on('message', (text) => {
    const message = JSON.parse(text)
    message.seq = ++seq
    const encoded = JSON.stringify(message)
    for (const member of server.clients) member.send(encoded)
  })
})

process.on('SIGTERM', () => process.exit(0))
