export * from './app-view.ts';
export * from './health-view.ts';
export * from './link-view.ts';
export * from './notice-view.ts';
export * from './peer-view.ts';
export * from './reception-view.ts';
export * from './tailnet-view.ts';
export * from './thread-view.ts';
