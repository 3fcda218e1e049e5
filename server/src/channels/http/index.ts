/** What every HTTP channel shares. */
export { type Following, follow } from './event-stream.ts'
export { notFound, type Problem, ProblemError, problemHandler, sendProblem } from './problem.ts'
export { createHttpServer, type HttpOptions } from './server.ts'
