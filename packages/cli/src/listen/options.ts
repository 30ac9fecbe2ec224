/** The options of `listen`, as its command reads them. */
export interface ListenOptions {
  readonly id: string[];
  readonly url: string[];
  readonly port: number;
  readonly address: string;
  readonly dns?: string[];
  readonly tolerance: number;
  readonly maxBody: number;
  readonly trustProxy?: string;
  readonly signedUrl: 'received' | 'configured';
  readonly kind?: string[];
  readonly forwardTo?: string;
  readonly forward?: string[];
  readonly capture?: string;
  readonly captureLimit: number;
  readonly verificationFiles?: string;
  readonly inbox?: string;
  readonly schema?: string;
  readonly orderBy?: string;
  readonly concurrency?: number;
  readonly maxAttempts?: number;
  readonly retryMs?: number;
  readonly json?: true;
}
