import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const hub = process.env.ANDON_HUB ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': hub, '/health': hub, '/ws': { target: hub, ws: true } },
  },
  build: { outDir: 'dist', chunkSizeWarningLimit: 900 },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    css: false,
    restoreMocks: true,
  },
})
