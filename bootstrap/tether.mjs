/**
 * Loaded into the program before its first line. File descriptor 3 is a pipe from the process that launched it; when
 * the pipe closes, the launcher is dead and nobody could stop the program any more, so it is asked to stop, and killed
 * if it does not within ten seconds. The variable is removed at once: processes and threads that the program starts
 * inherit this module but not the pipe.
 */
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const descriptor = process.env.CAUSEWAY_TETHER;
if (isMainThread && descriptor !== undefined) {
  delete process.env.CAUSEWAY_TETHER;
  const pipe = new Socket({ fd: Number(descriptor), readable: true, writable: false });
  pipe.on('error', () => {});
  pipe.on('close', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000).unref();
  });
  pipe.resume();
  pipe.unref();
}
