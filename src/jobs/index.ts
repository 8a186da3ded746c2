export {
  deadJobs,
  enqueueJob,
  ensureJob,
  type Job,
  nextDue,
  type QueueFigures,
  queueFigures,
  releaseLeases,
  restartJob,
} from './queue.ts';
export {
  COMMITTED,
  FINISHED,
  type JobHandler,
  type JobHandlers,
  type JobResult,
  startWorker,
  type Worker,
} from './worker.ts';
