import { createReadStream, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const DEPLOYMENTS = fileURLToPath(new URL('../deployments', import.meta.url));

/** While developing, `deployments/31337.json` is where the local stack wrote it. */
const deployments: Plugin = {
  name: 'deployments',
  configureServer({ middlewares }) {
    middlewares.use('/deployments', (request, response, next) => {
      const name = /^\/(\d+\.json)$/.exec(request.url ?? '')?.[1];
      const file = `${DEPLOYMENTS}/${name}`;
      if (!name || !existsSync(file)) return next();
      response.setHeader('content-type', 'application/json');
      createReadStream(file).pipe(response);
    });
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // every path is relative: the page works below any folder, and so from an IPFS gateway
  base: './',
  plugins: [react(), deployments],
  resolve: { alias: { '@adraffy/ens-normalize': fileURLToPath(new URL('no-names.ts', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  build: { target: 'es2023', chunkSizeWarningLimit: 1_000, reportCompressedSize: false },
  worker: { format: 'es' },
});
