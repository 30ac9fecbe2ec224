import type { RolldownPlugin } from 'rolldown';

export interface BundleOptions {
  readonly conditions?: readonly string[];
  readonly whole?: boolean;
  readonly plugins?: readonly RolldownPlugin[];
}

export interface BundledSuite {
  readonly code: string;
  readonly needs: readonly string[];
}

export function bundleSuite(file: string, options?: BundleOptions): Promise<BundledSuite>;
