export {
  deadJobs, enqueueJob, ensureJob, finishJob, type Job, queueFigures, type QueueFigures, restartJob,
} from './queue.ts';
export { COMMITTED, FINISHED, type JobHandler, type JobHandlers, type JobResult, startWorker, type Worker } from './worker.ts';
