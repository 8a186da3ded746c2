import { availableParallelism, cpus, totalmem } from 'node:os';

/** One line: what the figures were measured on. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} cores (${cpu}), ${memory} GiB, ${process.platform}, Node ${process.versions.node}`;
}
