export * from './clearing/index.ts';
