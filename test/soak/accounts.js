/** The books of a long run: what was sent, answered and handled, by sequence number. */
export class Accounts {
  /** Handler runs that succeeded, by sequence number; a forgery's is negative. */
  handled = new Map();
  accepted = new Set();
  forgeriesAccepted = 0;
  forgeriesRefused = 0;
  attempts = 0;
  tries = new Map();
  /** Signed anew at least once: another call for the same event, which may be handled again, under the same key. */
  signedAnew = new Set();

  takeHandled(numbers) {
    for (const number of numbers) this.handled.set(number, (this.handled.get(number) ?? 0) + 1);
  }

  /** What must all be zero at the end. */
  faults(last) {
    let lost = 0;
    let twice = 0;
    let unanswered = 0;
    for (let number = 1; number <= last; number++) {
      const runs = this.handled.get(number) ?? 0;
      if (!this.accepted.has(number)) unanswered++;
      else if (runs === 0) lost++;
      if (runs > 1 && !this.signedAnew.has(number)) twice++;
    }
    const forgeriesHandled = [...this.handled.keys()].filter((number) => !(number >= 1 && number <= last)).length;
    return { lost, twice, unanswered, forgeriesAccepted: this.forgeriesAccepted, forgeriesHandled };
  }
}

/** The median of all slopes between two samples (Theil and Sen): one outlier changes nothing. Per hour. */
export function slopePerHour(samples) {
  const slopes = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      slopes.push(((samples[j].value - samples[i].value) / (samples[j].at - samples[i].at)) * 3_600_000);
    }
  }
  return median(slopes);
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}
