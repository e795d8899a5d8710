import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The server of the product serves dist/ itself; the proxy is only for working on the dashboards with hot reload.
const server = 'http://localhost:4000'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts stay files of their own, so that the browser fetches only the alphabets a page uses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5173, proxy: { '/graphql': server, '/api': server } },
})
