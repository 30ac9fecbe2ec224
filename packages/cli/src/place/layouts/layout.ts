import { type Failure, undecided } from '../../failure.js';
import type { Project } from './project.js';

/** A part of a route: fixed text, one part that can be anything, or any number of them. */
export type RoutePart = string | { readonly any: 'one' | 'rest' };

/** Files are served from one directory, along the path of the URL. */
export interface Routed {
  readonly kind: 'routed';
  /** What is served at `/`. */
  readonly served: string;
  /** The path that the handler answers; undefined when the files do not tell. */
  readonly route: readonly RoutePart[] | undefined;
  /** Files there are fixed when the site is built. */
  readonly rebuild: boolean;
  readonly why: string;
}

/** Files are placed at the root of the server: a directory along the path could stand in a route's way. */
export interface AtRoot {
  readonly kind: 'root';
  readonly served: string;
  readonly why: string;
}

/** The directory is that of the handler's URL. */
export interface Beside {
  readonly kind: 'beside';
  readonly directory: string;
  readonly why: string;
  readonly warnings: readonly string[];
  /** The callback URL, where the handler itself tells it. */
  readonly url?: string | undefined;
  /** What is served at `/`, where that is known. */
  readonly served?: string | undefined;
}

/** Where a layout says that a file belongs. */
export type Match = Routed | AtRoot | Beside;

/** One way in which projects are laid out. */
export interface Layout {
  /** Stable: programs see it. */
  readonly id: string;
  /** Undefined when the project, or the handler's place in it, is not of this kind. @throws Failure: a question. */
  match(project: Project): Match | undefined;
}

/** A place that a question offers. */
export interface Candidate {
  readonly directory: string;
  readonly why: string;
}

/** A choice that only the user can make. */
export function question(code: string, message: string, hint: string, candidates: readonly Candidate[] = []): Failure {
  return undecided(code, message, {
    hint,
    fields: { candidates },
    lines: candidates.map(({ directory, why }) => `  ${directory}  (${why})`),
  });
}
