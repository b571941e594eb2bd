export function RoomRoute({ roomId }: { roomId: string }) {
  return <p>{roomId}</p>
}
