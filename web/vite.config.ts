import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const hub = process.env.ANDON_HUB ?? 'http://127.0.0.1:8080'

// The hub's API page at /schema needs its viewer from here: a plant network reaches no other host.
const apidocs: Plugin = {
  name: 'apidocs',
  apply: 'build',
  generateBundle() {
    const { resolve } = createRequire(import.meta.url)
    for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
      const source = readFileSync(resolve(`swagger-ui-dist/${name}`))
      this.emitFile({ type: 'asset', fileName: `apidocs/${name}`, source })
    }
  },
}

export default defineConfig({
  plugins: [react(), apidocs],
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
    testTimeout: 20_000,
  },
})
