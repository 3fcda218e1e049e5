// Five entries, all plain files with hashed assets: the demo page, the hosted checkout, the counter, the operator's
// page and the app.
// Nothing is inlined, so that the content security policy can stay at `script-src 'self'`.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { appFiles, workerFile } from './dev/app-files.ts'
import { compressed } from './dev/compressed.ts'
import { mockServer } from './dev/mock.ts'

/** Libraries that the app alone needs stay with it; how staff pages are drawn is nobody else's business. */
const isForAll = (id: string) => !/\/(?:consumer|counter|@tanstack|wouter)\//.test(id)

export default defineConfig({
  base: '/',
  plugins: [react(), mockServer(), appFiles('consumer'), compressed()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        demo: 'demo.html',
        checkout: 'checkout.html',
        counter: 'counter.html',
        operator: 'operator.html',
        consumer: 'consumer.html',
        worker: 'src/consumer/offline/app-worker.ts',
      },
      // The browser looks for the worker under one name, and it answers for all addresses of the app.
      output: {
        // What entries share comes in one file: a browser has six requests at a time on a line of HTTP/1.1.
        codeSplitting: {
          groups: [{ name: 'base', tags: ['$initial'], test: isForAll, minShareCount: 2 }],
        },
        entryFileNames: ({ name }) => (name === 'worker' ? workerFile : 'assets/[name]-[hash].js'),
      },
    },
  },
})
