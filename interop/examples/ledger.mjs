// Which commands were obeyed and what was answered, over restarts. A file here; in your system a table.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

export class Ledger {
  #file;
  #entries = new Map();

  constructor(file) {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    lines.map((line) => JSON.parse(line)).forEach((entry) => this.#entries.set(entry.commandId, entry));
    this.#file = openSync(file, 'a');
  }

  find(commandId) {
    return this.#entries.get(commandId);
  }

  entries() {
    return [...this.#entries.values()];
  }

  // region: overruled
  /** A lower generation is ignored; of equal ones the RELEASE or CANCEL holds, whichever came first. */
  isOverruled(subject, generation, takesBack) {
    return this.entries().some((known) => known.subject === subject
      && (known.generation > generation || (known.generation === generation && known.takesBack && !takesBack)));
  }
  // endregion

  /** It is on the disk when this returns. */
  write(entry) {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
    this.#entries.set(entry.commandId, entry);
  }

  close() {
    closeSync(this.#file);
  }
}
