import type { SignatureFrame as Full } from './signature-frame.js';
import type { LocatedSignatureHeader } from './signature-header.js';

/** What the checks made of one header; it knows no other again. */
export class SignatureFrame implements Pick<Full, 'parameters' | 'list' | 'lineStarts' | 'keyId'> {
  readonly parameters: Full['parameters'];
  list: Full['list'];
  lineStarts: Full['lineStarts'];
  keyId: Full['keyId'];

  constructor(_text: string, { header }: LocatedSignatureHeader) {
    this.parameters = header;
  }

  readonly keepList: Full['keepList'] = (list) => {
    this.list = list;
  };
  readonly signatureIn: Full['signatureIn'] = () => undefined;
}
