import { stopSignal } from '@essaim/daemon';

// A process that is told to stop; how it is to do so stands on its command line.
const stop = stopSignal();
const leaving = process.argv[2] === 'gracefully' ? stop.gracefully() : undefined;
const alive = setInterval(() => {}, 1_000);
leaving?.addEventListener('abort', () => console.log('leaving'));
stop.now.addEventListener('abort', () => {
  console.log('now');
  clearInterval(alive);
});
console.log('ready');
